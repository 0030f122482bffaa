export { checkGradients } from './check-gradients.js';
export type { CaseRunner, ConformanceCase, CreatePart } from './conformance-case.js';
export { type ImageEncoderConformanceOptions, imageEncoderConformance } from './image-encoder-conformance.js';
export {
  type LanguageModelConformanceOptions,
  languageModelConformance,
} from './language-model-conformance.js';
export {
  type SemanticTransformConformanceOptions,
  semanticTransformConformance,
} from './semantic-transform-conformance.js';
export * from './tiny-parts/index.js';
