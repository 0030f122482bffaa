import type { Dataset, PluginEntry, RunLogger, Tokenizer } from '@eim/contracts';
import type { ModelParts, Objective, ObjectivePluginContext } from '@eim/contracts/model';
import type { Plan } from '../../plan/plan-schema.js';
import type { CheckpointStore } from '../checkpoints/checkpoint.js';
import type { PicturePreprocessor } from '../data/picture-preprocessor.js';
import type { OpenSpillFile } from '../data/record-store.js';
import type { FeatureStore } from '../feature-cache/feature-store.js';
import type { TrainingProgress } from './training-progress.js';

/** A held-out score that needs more than a loss, such as CIDEr of generated captions. Higher or lower is better as the plan says. */
export type MetricFunction = (model: ModelParts, split: string) => Promise<number>;

// biome-ignore lint/suspicious/noExplicitAny: each objective checks its own options
export type ObjectiveEntry = PluginEntry<any, ObjectivePluginContext, Objective>;

/** Which engine runs; keys the feature cache, and a resumed run must have the same. */
export interface EngineIdentity {
  readonly name: string;
  readonly kernelVersion: string;
  readonly threads: number;
  /** True where steps are not recorded although the engine could: results may differ in their last digits. */
  readonly eager?: true;
}

/** When a checkpoint is written inside a segment; one is always written when a segment ends. */
export interface SavePolicy {
  /** Optimizer steps between saves. */
  readonly steps?: number;
  /** Seconds between saves. @default 60, unless `steps` is given */
  readonly seconds?: number;
}

export interface TrainPlanOptions {
  readonly model: ModelParts;
  readonly plan: Plan;
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  /** How pictures become the encoder's input. @default that of `@eim/images` */
  readonly preprocess?: PicturePreprocessor;
  /** Of data order, answers drawn, augmentation, dropout and the objectives' own parameters. */
  readonly seed: number | string;
  /** Greatest length of a row in tokens, begin and end included; longer ones are cut. Absent: the longest row's. */
  readonly maxTokens?: number | undefined;
  /** Lengths that rows with prompts are padded to; a recorded step exists once for each. @default [64, 128, 256, 512] */
  readonly textLengths?: readonly number[] | undefined;
  /** Bytes of decoded pictures and cached features in memory; what goes beyond lies on disk. @default 2 ** 30 */
  readonly pictureMemory?: number | undefined;
  /** Where features go that memory has no room for. Absent: they stay in memory. */
  readonly openSpillFile?: OpenSpillFile | undefined;
  /** By name, beside the built-in ones. */
  readonly objectives?: Readonly<Record<string, ObjectiveEntry>>;
  /** By name, beside the metrics of each objective. */
  readonly metrics?: Readonly<Record<string, MetricFunction>>;
  readonly logger?: RunLogger;
  /** Where checkpoints go. Absent: nothing is saved and nothing can be resumed. */
  readonly checkpoints?: CheckpointStore;
  readonly save?: SavePolicy;
  /** Go on from the store's latest checkpoint, where it has one. @default false */
  readonly resume?: boolean;
  /** Where outputs of frozen encoders are kept between runs. Absent: in memory alone. */
  readonly featureCache?: FeatureStore;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** False: steps are never recorded and replayed, also on engines that can. @default true */
  readonly recordSteps?: boolean;
  /** Told what a user should know, once, in a sentence. */
  readonly onNote?: (text: string) => void;
  /** @default the engine that runs */
  readonly engine?: EngineIdentity;
}
