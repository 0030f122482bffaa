export {
  type Answer,
  type AnswerOptions,
  type AnswerPiece,
  answerAll,
  answerRows,
  stopTokensOf,
} from './answering/answer-rows.js';
export { type AnsweringModel, type AskedRow, promptIdsOf } from './answering/asked-row.js';
export { type OpenPrompts, openPrompts, type PromptBatch } from './answering/open-prompts.js';
export { picturePixels } from './answering/picture-pixels.js';
export { TextStream } from './answering/text-stream.js';
export { type ComposeOptions, composeModel } from './compose/compose-model.js';
export {
  type ComposedModel,
  PART_NAMES,
  type PartName,
  type PartPackages,
  type PartParameter,
} from './compose/composed-model.js';
export { encodePictures, type PictureInput } from './compose/encode-pictures.js';
export { disposeFeatures, encodeAndKeep } from './compose/features.js';
export { giveLlmValues } from './compose/give-llm-values.js';
export { injectRows } from './compose/inject-rows.js';
export { type RowInput, rowLogits, type TextInput, targetIds, textLogits } from './compose/row-logits.js';
export { onePictureEach, type PassOptions, type RowLayout } from './compose/transform-context.js';
export { type MixedDataset, type MixOptions, mixDatasets } from './data/mix-datasets.js';
export type { ConfigIssue } from './plan/config-issues.js';
export {
  type CreatedModel,
  type CreateModelOptions,
  createModel,
  type ModelConfig,
} from './plugins/create-model.js';
export {
  type CreatedPart,
  type CreatePartOptions,
  createPart,
  type OpenPartWeights,
  type OpenWeights,
  type PartDescription,
  type PartKinds,
  type PartUse,
} from './plugins/create-part.js';
export type { Use } from './plugins/parse-use.js';
export type { EntryOf, PluginKind } from './plugins/plugin-kind.js';
export { recogniseWeights, type WeightsClaim } from './plugins/recognise-weights.js';
export { resolveOptions, type UseConfig } from './plugins/resolve-options.js';
export {
  loadFromList,
  type PluginLoader,
  type PluginSearch,
  type ResolvedPlugin,
  resolvePlugin,
} from './plugins/resolve-plugin.js';
export {
  assignParameters,
  type NamedTensors,
  readParameters,
  type WeightMismatch,
} from './saved-model/assign-parameters.js';
export {
  type LoadedModel,
  type LoadModelOptions,
  loadSavedModel,
  type SavedModelSource,
} from './saved-model/load-saved-model.js';
export {
  type KeptWeights,
  type ModelDescription,
  parseModelDescription,
} from './saved-model/model-description.js';
