export { createMeteor, type MeteorFiles, openMeteor } from './open-meteor.js';
export { openParaphrases, type ParaphraseCache } from './open-paraphrases.js';
export { runSpice, type SpiceOptions } from './run-spice.js';
