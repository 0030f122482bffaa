import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default tsupPreset({
  entries: ['index', 'arguments', 'in-page', 'serving', 'texts', 'worker'],
  platform: 'node',
});
