import { NODE_ENGINES } from '#node-engines';
import { cpuEngine } from './cpu-engine.js';
import type { EngineDriver } from './engine-types.js';
import { wasmEngine } from './wasm-engine.js';

/** Fastest first. */
export const ENGINE_DRIVERS: readonly EngineDriver[] = [...NODE_ENGINES, wasmEngine, cpuEngine];
