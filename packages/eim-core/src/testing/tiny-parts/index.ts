export { type CreateParameterOptions, createParameter } from './create-parameter.js';
export { createTinyParts, type TinyPartsOptions } from './create-tiny-parts.js';
export { TinyEncoder, type TinyEncoderOptions } from './tiny-encoder.js';
export { TinyLanguageModel, type TinyLanguageModelOptions } from './tiny-language-model.js';
export { tinyPlugin } from './tiny-plugin.js';
export { TinyRouterTransform } from './tiny-router-transform.js';
export { TinySemanticTransform, type TinySemanticTransformOptions } from './tiny-semantic-transform.js';
export { createTinyTokenizer } from './tiny-tokenizer.js';
