export { createMeteor, type MeteorFiles, openMeteor } from './open-meteor.js';
export { openMme } from './open-mme.js';
export { openParaphrases, type ParaphraseCache } from './open-paraphrases.js';
export { openScienceQa } from './open-science-qa.js';
export { runSpice, type SpiceOptions } from './run-spice.js';
