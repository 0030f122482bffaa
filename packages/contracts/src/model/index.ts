export type * from './image-encoder.js';
export type * from './injection.js';
export type * from './language-model.js';
export type * from './objective.js';
export type * from './parameter.js';
export * from './plugin.js';
export type * from './random.js';
export type * from './semantic-transform.js';
export type * from './tensor.js';
