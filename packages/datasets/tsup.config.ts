import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default tsupPreset({ entries: ['index', 'node/index', 'browser/index'] });
