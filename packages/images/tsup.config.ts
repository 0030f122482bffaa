import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default tsupPreset({
  entries: [
    'index',
    'browser/decode-picture',
    'node/decode-picture',
    'node/index',
    'options/index',
    'testing/index',
  ],
});
