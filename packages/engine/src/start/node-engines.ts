import type { EngineDriver } from './engine-types.js';
import { nodeEngine } from './node-engine.js';
import { webgpuEngine } from './webgpu-engine.js';

/** The engines that need Node, fastest first. `#node-engines`, but for the export condition `browser`. */
export const NODE_ENGINES: readonly EngineDriver[] = [
  nodeEngine('node-gpu'),
  nodeEngine('node'),
  webgpuEngine,
];
