import type { EngineInfo } from './engine-types.js';

let current: EngineInfo | undefined;

/** The engine that runs; undefined before `startEngine`. */
export function currentEngine(): EngineInfo | undefined {
  return current;
}

/** Notes which engine runs. */
export function setCurrentEngine(info: EngineInfo): void {
  current = info;
}
