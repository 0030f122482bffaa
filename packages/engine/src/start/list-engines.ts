import { NODE_ENGINES } from '#node-engines';
import { cpuEngine } from './cpu-engine.js';
import type { EngineDriver, EngineInfo, EngineStatus } from './engine-types.js';
import { wasmEngine } from './wasm-engine.js';

let current: EngineInfo | undefined;

/** The engine that runs; undefined before `startEngine`. */
export function currentEngine(): EngineInfo | undefined {
  return current;
}

/** Notes which engine runs. */
export function setCurrentEngine(info: EngineInfo): void {
  current = info;
}

/** Fastest first. */
export const ENGINE_DRIVERS: readonly EngineDriver[] = [...NODE_ENGINES, wasmEngine, cpuEngine];

/** Every engine, fastest first, with why it can or cannot start. Looks only: none is started. */
export async function listEngines(): Promise<EngineStatus[]> {
  const running = currentEngine();
  return Promise.all(
    ENGINE_DRIVERS.map(async (driver) => {
      if (driver.name !== running?.name) return driver.status();
      return { name: driver.name, ok: true, reason: `Running on ${running.device}.`, advice: '' };
    }),
  );
}
