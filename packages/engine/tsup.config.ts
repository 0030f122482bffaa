import { join } from 'node:path';
import { writeRequiredModules } from '../../tools/required-modules.mjs';
import { tsupPreset } from '../../tools/tsup-preset.mjs';

/** Node cannot import core's gradient registrations from inside the package, so they travel with ours. */
export default tsupPreset({
  entries: [
    'index',
    'node/index',
    'webgpu',
    'tfjs-core',
    // chosen by the export conditions of `imports` in package.json
    'host/node-host',
    'host/browser-host',
    'start/node-engines',
    'start/node-engines-in-browsers',
  ],
  noExternal: [/register_all_gradients/],
  onSuccess: async () => writeRequiredModules(join(import.meta.dirname, 'dist/in-node')),
});
