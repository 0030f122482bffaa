import { cpuEngine } from './cpu-engine.js';
import type { EngineDriver } from './engine-types.js';
import { nodeEngine } from './node-engine.js';
import { wasmEngine } from './wasm-engine.js';
import { webgpuEngine } from './webgpu-engine.js';

/** Fastest first. */
export const ENGINE_DRIVERS: readonly EngineDriver[] = [
  nodeEngine('node-gpu'),
  nodeEngine('node'),
  webgpuEngine,
  wasmEngine,
  cpuEngine,
];
