import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default tsupPreset({ entries: ['index', 'arguments', 'serving', 'worker'], platform: 'node' });
