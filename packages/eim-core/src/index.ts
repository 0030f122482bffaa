export {
  type Answer,
  type AnswerOptions,
  type AnswerPiece,
  answerAll,
  answerRows,
  stopTokensOf,
} from './answering/answer-rows.js';
export { type AnsweringModel, type AskedRow, promptIdsOf } from './answering/asked-row.js';
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
export { injectPictures, injectRows } from './compose/inject-rows.js';
export { type RowInput, rowLogits, type TextInput, targetIds, textLogits } from './compose/row-logits.js';
export { selectParameters } from './compose/select-parameters.js';
export { onePictureEach, type PassOptions, type RowLayout } from './compose/transform-context.js';
export { type MixedDataset, type MixOptions, mixDatasets } from './data/mix-datasets.js';
export { checkInvariant, structureChanges } from './ledger/check-invariant.js';
export {
  countParameters,
  type LedgerOptions,
  type ParameterLedger,
  type PartLedger,
  parameterLedger,
} from './ledger/parameter-ledger.js';
export {
  type StructureEntry,
  type StructureFingerprint,
  structureFingerprint,
} from './ledger/structure-fingerprint.js';
export { type ConfigIssue, configError, describeIssues } from './plan/config-issues.js';
export type { Learn, LearnPart } from './plan/learn-schema.js';
export type { Direction, EarlyStopping, Gate } from './plan/measured-by-schema.js';
export type { SegmentOverrides } from './plan/override-segments.js';
export { parsePlan } from './plan/parse-plan.js';
export { type Plan, type PlanInput, planSchema } from './plan/plan-schema.js';
export { PLAN_PRESETS, type PlanPresetName } from './plan/presets/plan-presets.js';
export type { PresetOptions } from './plan/presets/preset-options.js';
export { type PresetPlanInput, resolvePlan } from './plan/resolve-plan.js';
export {
  type Augmentation,
  type ObjectiveUse,
  type Segment,
  type SegmentData,
  type SegmentInput,
  segmentSchema,
  type Until,
} from './plan/segment-schema.js';
export type { Selection } from './plan/selection-schema.js';
export { checkManifest } from './plugins/check-manifest.js';
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
  type PartUse,
} from './plugins/create-part.js';
export { findEntry } from './plugins/find-entry.js';
export { parseUse, type Use } from './plugins/parse-use.js';
export type { EntryOf, PluginKind } from './plugins/plugin-kind.js';
export { recogniseWeights, type WeightsClaim } from './plugins/recognise-weights.js';
export { resolveObjectives } from './plugins/resolve-objectives.js';
export { resolveOptions, type UseConfig } from './plugins/resolve-options.js';
export {
  loadFromList,
  type PluginLoader,
  type PluginSearch,
  type ResolvedPlugin,
  resolvePlugin,
} from './plugins/resolve-plugin.js';
export { assignParameters, type NamedTensors, type WeightMismatch } from './saved-model/assign-parameters.js';
export {
  type LoadedModel,
  type LoadModelOptions,
  loadSavedModel,
  type SavedModelSource,
} from './saved-model/load-saved-model.js';
export {
  type KeptWeights,
  type ModelDescription,
  modelDescriptionSchema,
  parseModelDescription,
} from './saved-model/model-description.js';
export { readParameters } from './saved-model/read-parameters.js';
export {
  type DescribePlanCostOptions,
  describePlanCost,
  type PlanCostDescription,
} from './training/budget/describe-plan-cost.js';
export { BUDGET_TOLERANCE, type EqualBudgets, equaliseBudget } from './training/budget/equalise-budget.js';
export { type InferenceCost, inferenceCost } from './training/budget/inference-cost.js';
export { type PlanCost, type PlanCostOptions, planCost } from './training/budget/plan-cost.js';
export { type DataPlanCostOptions, planMultiplyAdds } from './training/budget/plan-multiply-adds.js';
export type { CostBearer, SegmentCost, StepMemory } from './training/budget/segment-cost.js';
export { longestSplitShape, type SplitShape, type SplitSizes } from './training/budget/split-shape.js';
export type {
  Checkpoint,
  CheckpointGroup,
  CheckpointStore,
  RunIdentity,
  SegmentProgress,
  TrainingState,
} from './training/checkpoints/checkpoint.js';
export type { PicturePreprocessor } from './training/data/picture-preprocessor.js';
export type { OpenSpillFile, SpillFile } from './training/data/record-store.js';
export type { FeatureCounts } from './training/feature-cache/feature-cache.js';
export type { FeatureStore } from './training/feature-cache/feature-store.js';
export type { GateVerdict } from './training/gates/gate-verdict.js';
export { builtInObjectives } from './training/objectives/built-in-objectives.js';
export type { NamedArray } from './training/optimizer/named-array.js';
export { createObjective } from './training/run/create-objective.js';
export type {
  EngineIdentity,
  MetricFunction,
  ObjectiveEntry,
  SavePolicy,
  TrainPlanOptions,
} from './training/run/train-options.js';
export { trainPlan } from './training/run/train-plan.js';
export type { ComputeSpent, SegmentResult, TrainResult } from './training/run/train-result.js';
export type { TrainingProgress } from './training/run/training-progress.js';
