import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import { backend } from '@tensorflow/tfjs-core';
import type { EngineDriver } from './engine-types.js';
import { kernelVersion } from './kernel-version.js';
import { selectBackend } from './select-backend.js';

/** Plain JavaScript: the reference that every other engine is checked against. Very slow. */
export const cpuEngine: EngineDriver = {
  name: 'cpu',
  status: async () => ({ name: 'cpu', ok: true, reason: 'Always there; for reference only.', advice: '' }),
  start: async () => {
    await selectBackend('cpu', 'cpu', 'Reinstall @tensorflow/tfjs-backend-cpu.');
    // Its first use would print a banner that recommends tfjs-node.
    (backend() as unknown as { firstUse: boolean }).firstUse = false;
    return {
      name: 'cpu',
      device: 'CPU, plain JavaScript',
      threads: 1,
      kernelVersion: kernelVersion(`cpu-${version_cpu}`),
    };
  },
};
