export { checkGradients, type GradientCheck, type GradientCheckOptions } from './check-gradients.js';
export { type FixtureArray, fixtureTensor, setParameters } from './fixture-array.js';
export { type InsertionPointRecord, recordInsertionPoints } from './record-insertion-points.js';
export { relativeError } from './relative-error.js';
