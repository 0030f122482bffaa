export { createMeteor, type MeteorFiles, openMeteor } from './open-meteor.js';
export { runSpice, type SpiceOptions } from './run-spice.js';
