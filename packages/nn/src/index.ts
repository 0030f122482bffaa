export { type ActivationName, activations } from './activation.js';
export {
  applyGridBlocks,
  type GridBlockSizes,
  gridShapes,
  gridTokens,
  tokensGrid,
} from './apply-grid-blocks.js';
export { causalBias, type DecoderBiasOptions, decoderBias } from './attention-bias.js';
export type { BlockContext } from './block-context.js';
export { dropped } from './block-context.js';
export type { BlockKeyValues } from './block-key-values.js';
export { checkBlockStart } from './check-block-start.js';
export { checkForward } from './check-forward.js';
export { checkPixels } from './check-pixels.js';
export { type ContinuedRows, continuedRows } from './continued-rows.js';
export {
  Convolution,
  type ConvolutionLayerOptions,
  DepthwiseConvolution,
  type DepthwiseConvolutionOptions,
} from './convolution.js';
export { greatestIndices, logSoftmax } from './decode/choose-token.js';
export type { BegunRow } from './decode/continuous/begun-row.js';
export { injectionKind } from './decode/continuous/joint-injection.js';
export { PromptReader, type PromptReaderOptions, type RowPrompt } from './decode/continuous/prompt-reader.js';
export { RunningRows } from './decode/continuous/running-rows.js';
export {
  SharedPrefixes,
  type SharedPrefixesOptions,
  type SlotKey,
} from './decode/continuous/shared-prefixes.js';
export type { DecodableModel, RowScores } from './decode/decode-session.js';
export { decodeTokens } from './decode/decode-tokens.js';
export { isLikeliest, nextToken, rowStreams, type TokenChoice } from './decode/next-token.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { FeedForward, type FeedForwardOptions } from './feed-forward.js';
export { GatedFeedForward, type GatedFeedForwardOptions } from './gated-feed-forward.js';
export { huggingFaceActivationOf, huggingFaceActivations } from './hugging-face-activations.js';
export {
  constant,
  heNormal,
  type Initialiser,
  normal,
  ones,
  torchLinear,
  truncatedNormal,
  uniform,
  xavierUniform,
  zeros,
} from './initialisers.js';
export { transformerInsertionPoints } from './insertion-points.js';
export { InvertedResidual } from './inverted-residual/inverted-residual.js';
export {
  InvertedResidualEncoder,
  type InvertedResidualEncoderOptions,
} from './inverted-residual/inverted-residual-encoder.js';
export {
  type InvertedResidualSizes,
  type InvertedResidualStage,
  invertedResiduals,
} from './inverted-residual/inverted-residual-sizes.js';
export { roundedChannels } from './inverted-residual/rounded-channels.js';
export { LayerNorm, type NormOptions } from './layer-norm.js';
export { Linear, type LinearOptions } from './linear.js';
export { type TunableLinearSizes, tunableLinears } from './linear-tuning.js';
export {
  describedVocabulary,
  type ModelVocabulary,
  modelVocabulary,
  type VocabularyOptions,
} from './model-vocabulary.js';
export {
  type AttentionResult,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from './multi-head-attention.js';
export { type ParameterOptions, ParameterScope, type ParameterSlot } from './parameter-scope.js';
export { parameterValues } from './parameter-values.js';
export { parseOptions } from './parse-options.js';
export { RmsNorm } from './rms-norm.js';
export { type RotaryTables, rotaryTables } from './rotary-tables.js';
export { tidied } from './tidied.js';
export {
  type BlockInitialisers,
  type BlockResult,
  TransformerBlock,
  type TransformerBlockOptions,
} from './transformer-block.js';
export { TransformerCache } from './transformer-cache.js';
export { type TransformerSize, transformerParameterCount } from './transformer-parameter-count.js';
export { type StackResult, TransformerStack, type TransformerStackOptions } from './transformer-stack.js';
