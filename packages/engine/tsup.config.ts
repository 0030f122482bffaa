import { tsupPreset } from '../../tools/tsup-preset.mjs';

/** Node cannot import core's gradient registrations from inside the package, so they travel with ours. */
export default tsupPreset({ entries: ['index', 'node/index'], noExternal: [/register_all_gradients/] });
