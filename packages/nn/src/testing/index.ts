export { type FixtureArray, fixtureTensor, setParameters } from './fixture-array.js';
export { type GradientCheck, type GradientCheckOptions, gradientErrors } from './gradient-errors.js';
export { type InsertionPointRecord, recordInsertionPoints } from './record-insertion-points.js';
export { relativeError } from './relative-error.js';
