import type { EngineDriver, EngineName } from './engine-types.js';
import { engineUnavailable } from './select-backend.js';
import { webgpuInBrowsers } from './webgpu-in-browsers.js';

function absent(name: EngineName, reason: string, advice: string): EngineDriver {
  const status = { name, ok: false, reason, advice };
  return {
    name,
    status: async () => status,
    start: async () => {
      throw engineUnavailable(status);
    },
  };
}

/** What the engines that need Node say in a browser. `#node-engines` under the export condition `browser`. */
export const NODE_ENGINES: readonly EngineDriver[] = [
  absent('node-gpu', 'it needs Node.', 'Choose another engine.'),
  absent('node', 'it needs Node.', 'Choose another engine.'),
  webgpuInBrowsers,
];
