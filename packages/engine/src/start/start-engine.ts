import { EimError } from '@eim/contracts';
import { countKernels } from '../measure/count-kernels.js';
import { setCurrentEngine } from './current-engine.js';
import { ENGINE_DRIVERS } from './engine-drivers.js';
import { ENGINE_NAMES, type EngineInfo, type EngineName } from './engine-types.js';
import { inNode } from './in-node.js';

export interface StartEngineOptions {
  /** Absent: what the environment variable EIM_ENGINE names, or else the fastest that starts. */
  readonly engine?: EngineName;
  readonly threads?: number;
}

/**
 * Starts an engine and makes it current. May be called again, also to change the engine; tensors stay with the
 * engine that made them until they are used.
 * @throws EimError 'engine-unavailable' where the engine asked for by name cannot start: there is no fall-back
 */
export async function startEngine(options: StartEngineOptions = {}): Promise<EngineInfo> {
  const wanted = options.engine ?? (inNode() ? process.env.EIM_ENGINE || undefined : undefined);
  if (wanted !== undefined && !ENGINE_NAMES.includes(wanted as EngineName)) {
    throw new EimError({
      code: 'engine-unavailable',
      message: `There is no engine '${wanted}'.`,
      advice: `The engines are ${ENGINE_NAMES.join(', ')}.`,
      data: { engine: wanted },
    });
  }
  const failures: string[] = [];
  for (const driver of ENGINE_DRIVERS) {
    if (wanted !== undefined && driver.name !== wanted) continue;
    if (wanted === undefined && !(await driver.status()).ok) continue;
    try {
      const info = await driver.start(options.threads === undefined ? {} : { threads: options.threads });
      countKernels();
      setCurrentEngine(info);
      return info;
    } catch (error) {
      if (wanted !== undefined) throw error;
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EimError({ code: 'engine-unavailable', message: `No engine starts. ${failures.join(' ')}` });
}
