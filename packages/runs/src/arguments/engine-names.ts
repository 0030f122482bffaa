import type { EngineName } from '@eim/engine';

/** Fastest first. Apart from the engine itself, so that help and config checks do not load it. */
export const ENGINE_NAMES = [
  'node-gpu',
  'node',
  'webgpu',
  'wasm',
  'cpu',
] as const satisfies readonly EngineName[];
