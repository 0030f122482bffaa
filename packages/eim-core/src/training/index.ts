export { learningAnywhere } from '../compose/learning-anywhere.js';
export { selectParameters } from '../compose/select-parameters.js';
export { checkInvariant } from '../ledger/check-invariant.js';
export {
  type LedgerOptions,
  type ParameterLedger,
  type PartLedger,
  parameterLedger,
} from '../ledger/parameter-ledger.js';
export {
  type StructureEntry,
  type StructureFingerprint,
  structureFingerprint,
} from '../ledger/structure-fingerprint.js';
export type { Learn, LearnPart, PartRate } from '../plan/learn-schema.js';
export type { Direction, EarlyStopping, Gate, GateRule, KeepBest } from '../plan/measured-by-schema.js';
export type { SegmentOverrides } from '../plan/override-segments.js';
export { parsePlan } from '../plan/parse-plan.js';
export { type Plan, type PlanInput, planSchema } from '../plan/plan-schema.js';
export { PLAN_PRESETS, type PlanPresetName } from '../plan/presets/plan-presets.js';
export type { PresetOptions } from '../plan/presets/preset-options.js';
export { type PresetPlanInput, presetPlanSchema, resolvePlan } from '../plan/resolve-plan.js';
export type {
  Augmentation,
  ObjectiveUse,
  Segment,
  SegmentData,
  SegmentInput,
  Until,
} from '../plan/segment-schema.js';
export type { LowRank, Selection, SelectionChoice } from '../plan/selection-schema.js';
export { type ResolveObjectivesOptions, resolveObjectives } from '../plugins/resolve-objectives.js';
export { type RowCut, type RowTokens, rowTokens } from '../rows/row-tokens.js';
export {
  type DescribePlanCostOptions,
  describePlanCost,
  type PlanCostDescription,
} from './budget/describe-plan-cost.js';
export { type EqualBudgets, equaliseBudget } from './budget/equalise-budget.js';
export type { InferenceCost } from './budget/inference-cost.js';
export type { PlanCost } from './budget/plan-cost.js';
export { type DataPlanCostOptions, planMultiplyAdds } from './budget/plan-multiply-adds.js';
export type {
  CostBearer,
  GatedSegmentCost,
  SegmentCost,
  StepCost,
  StepMemory,
} from './budget/segment-cost.js';
export type { BatchLength, SplitShape, SplitSizes } from './budget/split-shape.js';
export type {
  Checkpoint,
  CheckpointGroup,
  CheckpointStore,
  RunIdentity,
  SegmentProgress,
  TrainingState,
} from './checkpoints/checkpoint.js';
export type { PicturePreprocessor } from './data/picture-preprocessor.js';
export type { OpenSpillFile, SpillFile } from './data/record-store.js';
export type { FeatureCounts } from './feature-cache/feature-cache.js';
export type { FeatureStore } from './feature-cache/feature-store.js';
export {
  type ForecastPlanOptions,
  forecastPlan,
  type PlanForecast,
  type SegmentForecast,
} from './forecast/forecast-plan.js';
export type { SegmentTrial } from './forecast/segment-trial.js';
export { type PlanTrials, type SplitCounts, type TryPlanOptions, tryPlan } from './forecast/try-plan.js';
export type { GateVerdict } from './gates/gate-verdict.js';
export type { PairedDifference } from './gates/paired-difference.js';
export { builtInObjectives } from './objectives/built-in-objectives.js';
export { type ContrastVectors, collectVectors, type SplitVectors } from './objectives/collect-vectors.js';
export { type ContrastMetric, contrastMetrics } from './objectives/contrast-metrics.js';
export { contrastiveEntry, type OpenTextSide } from './objectives/contrastive-entry.js';
export { drawParameter } from './objectives/draw-parameter.js';
export { contentMask, meanOverRows, meanOverTokens } from './objectives/masked-means.js';
export { meanTokenLoss } from './objectives/mean-token-loss.js';
export { type PredictedTargets, type PredictOptions, predictTargets } from './objectives/predict-targets.js';
export { type RetrievalVectors, retrievalAt } from './objectives/retrieval.js';
export { type RewardEntry, selfCriticalEntry } from './objectives/self-critical/self-critical-entry.js';
export { stSlots } from './objectives/st-slots.js';
export { stopGradient } from './objectives/stop-gradient.js';
export { type SymmetricContrastOptions, symmetricContrast } from './objectives/symmetric-contrast.js';
export { rowsPerStep, segmentSteps } from './optimizer/segment-steps.js';
export type { NamedArray } from './optimizer/snapshot.js';
export { createObjective } from './run/create-objective.js';
export type { EngineIdentity } from './run/engine-identity.js';
export { type HeldOutLossOptions, heldOutLoss } from './run/held-out-loss.js';
export type { NumericFailure } from './run/numeric-failure.js';
export { recoveryCopyBytes } from './run/recovery.js';
export type { MetricFunction, ObjectiveEntry, SavePolicy, TrainPlanOptions } from './run/train-options.js';
export { trainPlan } from './run/train-plan.js';
export type { BestWeights, ComputeSpent, SegmentResult, TrainResult } from './run/train-result.js';
export type { TrainingProgress } from './run/training-progress.js';
export type { TrainingGroup } from './sharing/training-group.js';
export { agreement, CaptionWords, type SparseWords } from './word-probe/caption-words.js';
export { fitWordProbe, type ProbedPictures, type WordProbe } from './word-probe/word-probe.js';
