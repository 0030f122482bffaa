import { EimError } from '@eim/contracts';
import { countKernels } from '../measure/count-kernels.js';
import { ENGINE_NAMES, type EngineInfo, type EngineName } from './engine-types.js';
import { ENGINE_DRIVERS, setCurrentEngine } from './list-engines.js';

export interface StartEngineOptions {
  /** Absent: what the environment variable EIM_ENGINE names, or else the fastest that starts. */
  readonly engine?: EngineName;
  /** Absent: EIM_THREADS, or else as many as there are cores. They never change a result. */
  readonly threads?: number;
  /**
   * In browsers: the address of the folder that the .wasm files of `@tensorflow/tfjs-backend-wasm` are served from, with a slash at
   * its end. Threads need it. Absent: they are looked for beside the script.
   */
  readonly wasmFolder?: string;
}

/**
 * Starts an engine and makes it current. May be called again, also to change the engine; tensors stay with the
 * engine that made them until they are used.
 * @throws EimError 'invalid-argument' for a number of threads that is none; 'engine-unavailable' where the engine asked for by name cannot start: there is no fall-back
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
  const { wasmFolder } = options;
  const threads = chosenThreads(options.threads);
  const failures: string[] = [];
  for (const driver of ENGINE_DRIVERS) {
    if (wanted !== undefined && driver.name !== wanted) continue;
    if (wanted === undefined && !(await driver.status()).ok) continue;
    try {
      const info = await driver.start({
        ...(threads !== undefined && { threads }),
        ...(wasmFolder !== undefined && { wasmFolder }),
      });
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

function chosenThreads(option: number | undefined): number | undefined {
  const variable = inNode() ? process.env.EIM_THREADS || undefined : undefined;
  const threads = option ?? (variable === undefined ? undefined : Number(variable));
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= 256)) return threads;
  throw new EimError({
    code: 'invalid-argument',
    message: `${option ?? `EIM_THREADS=${variable}`} is no number of threads.`,
    advice: 'Give a whole number from 1 to 256, or none for as many as there are cores.',
  });
}

/** True in Node and what behaves like it; false in browsers. */
export function inNode(): boolean {
  return typeof process !== 'undefined' && typeof process.versions?.node === 'string';
}
