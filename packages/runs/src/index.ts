export { type EvaluateByApiOptions, evaluateByApi } from './benchmarking/api/evaluate-by-api.js';
export {
  type BenchmarkRequest,
  type EvaluateBenchmarkOptions,
  evaluateBenchmark,
} from './benchmarking/evaluate-benchmark.js';
export { type EvaluateByWorkersOptions, evaluateByWorkers } from './benchmarking/evaluate-by-workers.js';
export type { EvaluationOutcome } from './benchmarking/finish-evaluation.js';
export { mergeShards } from './benchmarking/merge-shards.js';
export type { BenchmarkChoice } from './benchmarking/open-benchmark.js';
export type { ShardOutcome } from './benchmarking/write-evaluation.js';
export type { ChatExchange, ChatHistory, ChatPictureSource } from './chat/chat-history.js';
export { chatMessages, chatOfMessages, type LoadedChat } from './chat/chat-messages.js';
export type { Chat } from './chat/chat-of-template.js';
export {
  type AskOptions,
  type ChatAnswer,
  type ChatPiece,
  ChatSession,
  type OpenChatSessionOptions,
} from './chat/chat-session.js';
export type { ChatStats } from './chat/chat-stats.js';
export { type OpenChatOptions, openChat } from './chat/open-chat.js';
export { type Conversation, readConversation } from './chat/read-conversation.js';
export { type ReadClusterOptions, readCluster } from './cluster/read-cluster.js';
export type { ComparisonOutcome } from './comparison/comparison-outcome.js';
export { type CompareRunsOptions, compareRuns } from './comparison/run-comparison.js';
export { type Config, type ReadConfig, type ReadConfigOptions, readConfig } from './config/read-config.js';
export type { Environment, PluginPackages, ProgressEvent, RunsContext } from './context.js';
export { checkData } from './data/check-data.js';
export { readJson } from './data/read-json.js';
export {
  type WriteSceneFolderOptions,
  type WrittenSceneFolder,
  writeSceneFolder,
} from './data/scene-folder/write-scene-folder.js';
export { type DemoOptions, type DemoOutcome, runDemo } from './demo/run-demo.js';
export { type RealDemoOptions, type RealDemoOutcome, runRealDemo } from './demo/run-real-demo.js';
export { type CaptionFilesOptions, captionFiles } from './evaluation/caption-files.js';
export type { DecodingChoice } from './evaluation/decoding.js';
export { type EvaluateRunOptions, evaluateRun } from './evaluation/evaluate-run.js';
export type { EvaluationRecord } from './evaluation/evaluation-record.js';
export {
  type ListedUnit,
  listUnits,
} from './experiments/driver/estimate-units.js';
export {
  type ExperimentOutcome,
  type RunExperimentOptions,
  runExperiment,
} from './experiments/driver/run-experiment.js';
export { experimentRecords } from './experiments/records/experiment-records.js';
export {
  experimentTable,
  type ResultPageOptions,
  renewedPage,
  writeResultPage,
} from './experiments/table/result-page.js';
export { type ExportModelOptions, exportModel } from './exporting/export-model.js';
export { type ExportedRun, type ExportRunOptions, exportRun } from './exporting/export-run.js';
export { type ExportedWeb, type ExportWebOptions, exportWeb } from './exporting/web/export-web.js';
export { type Inspection, inspectWeights } from './inspection/inspect-weights.js';
export { type ConfigDifference, configDifferences } from './listing/config-differences.js';
export { contrastRuns, type RunsContrast, type SideBySide } from './listing/contrast-runs.js';
export { isRun } from './listing/find-runs.js';
export type { Ancestor } from './listing/lineage.js';
export { type ListRunsOptions, listRuns } from './listing/list-runs.js';
export type { RunState } from './listing/run-state.js';
export type { RunSummary } from './listing/run-summary.js';
export { countConfig } from './model/count-config.js';
export { openTokenizerOf } from './model/open-tokenizer-of.js';
export { shownBytes } from './models/download/shown-bytes.js';
export { type ListedModel, listModels } from './models/list-models.js';
export { type PullModelOptions, pullModel } from './models/pull-model.js';
export type { PullOffer } from './models/pull-plan.js';
export type { PulledModel } from './models/pulled-model.js';
export { type RemovedModel, removeModel } from './models/remove-model.js';
export { resolveModelPath, resolveModelPaths } from './models/resolve-model-path.js';
export { type GeneratedText, type GenerateTextOptions, generateText } from './published/generate-text.js';
export type { GenerationStats } from './published/generation-clock.js';
export type { ModelSpec } from './published/load-published.js';
export { type WriteFeaturesOptions, type WrittenTensors, writeFeatures } from './published/write-features.js';
export { type WriteLogitsOptions, writeLogits } from './published/write-logits.js';
export { RunFolder } from './run-folder/run-folder.js';
export type { MetricSources } from './scoring/metric-sources.js';
export { readScienceQa } from './scoring/read-science-qa.js';
export { readTextFiles } from './scoring/read-text-files.js';
export {
  type ReferenceChoice,
  type ScoredCaptions,
  scoreCaptionPairs,
} from './scoring/score-caption-pairs.js';
export {
  type CocoFilesResult,
  type ScoreCocoFilesOptions,
  scoreCocoFiles,
} from './scoring/score-coco-files.js';
export {
  type ConfigOptions,
  estimatePlan,
  type PlanEstimate,
  type PlanTime,
} from './training/estimate-plan.js';
export {
  type FinishedRun,
  type ResumeRunOptions,
  resumeRun,
  type StartRunOptions,
  startRun,
} from './training/run-training.js';
export type { RunResult } from './training/train-model.js';
