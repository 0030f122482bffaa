import type { Dataset, PluginEntry, RunLogger, Tokenizer } from '@eim/contracts';
import type { ModelParts, Objective, ObjectivePluginContext } from '@eim/contracts/model';
import type { Plan } from '../../plan/plan-schema.js';
import type { RowCut } from '../../rows/row-tokens.js';
import type { CheckpointStore } from '../checkpoints/checkpoint.js';
import type { PicturePreprocessor } from '../data/picture-preprocessor.js';
import type { OpenSpillFile } from '../data/record-store.js';
import type { FeatureStore } from '../feature-cache/feature-store.js';
import type { TrainingGroup } from '../sharing/training-group.js';
import type { EngineIdentity } from './engine-identity.js';
import type { TrainingProgress } from './training-progress.js';

/** A held-out score that needs more than a loss, such as CIDEr of generated captions. The plan says whether higher or lower is better. */
export type MetricFunction = (model: ModelParts, split: string) => Promise<number>;

// biome-ignore lint/suspicious/noExplicitAny: each objective checks its own options
export type ObjectiveEntry = PluginEntry<any, ObjectivePluginContext, Objective>;

/** When a checkpoint is written inside a segment; one is always written when a segment ends. */
export interface SavePolicy {
  /** Optimizer steps between saves. */
  readonly steps?: number;
  /** Seconds between saves; more where saving would take above a twentieth of the time. @default 60, unless `steps` is given */
  readonly seconds?: number;
}

export interface TrainPlanOptions {
  readonly model: ModelParts;
  readonly plan: Plan;
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  /** Turns pictures into the encoder's input. @default `preprocess` of `@eim/images` */
  readonly preprocess?: PicturePreprocessor;
  /** Decides the data order, which answers are drawn, augmentation, dropout and the objectives' own parameters. */
  readonly seed: number | string;
  /** Greatest length of a row in tokens, begin and end included; longer ones are cut. Absent: the longest row's. */
  readonly maxTokens?: number | undefined;
  /** What longer rows lose. @default 'answer-first' */
  readonly cutRows?: RowCut | undefined;
  /** Lengths that rows with prompts are padded to; a recorded step exists once for each. @default [64, 128, 256, 512] */
  readonly textLengths?: readonly number[] | undefined;
  /** Bytes of decoded pictures and cached features in memory; what goes beyond lies on disk. @default 2 ** 30 */
  readonly pictureMemory?: number | undefined;
  /** Where features go for which memory has no room. Absent: they stay in memory. */
  readonly openSpillFile?: OpenSpillFile | undefined;
  /** Objectives by name, in addition to the built-in ones. */
  readonly objectives?: Readonly<Record<string, ObjectiveEntry>>;
  /** Metrics by name, in addition to those of each objective. */
  readonly metrics?: Readonly<Record<string, MetricFunction>>;
  readonly logger?: RunLogger;
  /** Where checkpoints go. Absent: nothing is saved and nothing can be resumed. */
  readonly checkpoints?: CheckpointStore;
  readonly save?: SavePolicy;
  /** Go on from the store's latest checkpoint, where it has one. @default false */
  readonly resume?: boolean;
  /**
   * Where outputs of what is frozen are kept between runs. Absent: in memory alone. `'off'`: nowhere; every batch computes
   * them anew, and the run ends with the very same weights.
   */
  readonly featureCache?: FeatureStore | 'off' | undefined;
  /**
   * Processes that train this together. Each is called with the same options and ends with the same weights; only the first
   * one measures, and only its `checkpoints` are written. Absent: this process alone.
   */
  readonly group?: TrainingGroup | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** False: steps are never recorded and replayed, even on engines that can. @default true */
  readonly recordSteps?: boolean;
  /** Receives each thing that a user should know once, as a sentence. */
  readonly onNote?: (text: string) => void;
  /** @default the engine that is running */
  readonly engine?: EngineIdentity;
}
