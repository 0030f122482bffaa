import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default tsupPreset({ entries: ['index', 'training/index', 'node/index', 'testing/index'] });
