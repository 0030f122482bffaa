import type { EngineDriver, EngineStatus } from './engine-types.js';
import { engineUnavailable } from './select-backend.js';

let brought: EngineDriver | undefined;

const ABSENT: EngineStatus = {
  name: 'webgpu',
  ok: false,
  reason: 'the page does not bring it.',
  advice: "Install @tensorflow/tfjs-backend-webgpu, and import '@eim/engine/webgpu' in the page.",
};

/** WebGPU of a browser, where the page has imported `@eim/engine/webgpu`: bundles without it stay small. */
export const webgpuInBrowsers: EngineDriver = {
  name: 'webgpu',
  status: async () => (brought ? await brought.status() : ABSENT),
  start: async (options) => {
    if (brought) return await brought.start(options);
    throw engineUnavailable(ABSENT);
  },
};

/** Makes an engine available that not every page brings. */
export function bringWebgpu(driver: EngineDriver): void {
  brought = driver;
}
