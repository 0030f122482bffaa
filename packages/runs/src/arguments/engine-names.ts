import type { EngineName } from '@eim/engine';

/** Names of the engines, fastest first. They stand apart from `@eim/engine`, so that help and config checks do not load it. */
export const ENGINE_NAMES = [
  'node-gpu',
  'node',
  'webgpu',
  'wasm',
  'cpu',
] as const satisfies readonly EngineName[];
