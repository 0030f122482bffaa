import type { EimError, PublishedWeights } from '@eim/contracts';
import type { ModelWeights } from '../model/model-weights.js';
import type { TensorDescription, WeightFormat } from '../weight-file.js';

/** Published weights with what stands beside them. Close them when done. */
export interface OpenedWeights extends PublishedWeights {
  readonly format: WeightFormat;
  /** What the file says beside its tensors; empty for a folder of shards that each say their own. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What stands before each name in the file, and was taken off: a checkpoint's key, wrappers. */
  readonly prefix: string;
  /** Names of tensors in the file that are not the model's: an optimizer's. */
  readonly passedOver: readonly string[];
  /** Why it is not clear which part of the file is the model; only where that was allowed. */
  readonly problem?: EimError | undefined;
  /** What the file itself calls a tensor. */
  nameInFile(name: string): string;
  info(name: string): TensorDescription;
  close(): Promise<void>;
}

/** What is known of published weights beside their tensors. */
export type WeightsFacts = Pick<
  PublishedWeights,
  'name' | 'files' | 'config' | 'generationConfig' | 'preprocessorConfig'
>;

/** The model in a file of weights, together with what stands beside it. */
export function openedWeights(model: ModelWeights, facts: WeightsFacts): OpenedWeights {
  return {
    ...facts,
    format: model.format,
    metadata: model.metadata,
    prefix: model.prefix,
    passedOver: model.passedOver,
    problem: model.problem,
    tensorNames: model.tensorNames,
    has: (tensor) => model.has(tensor),
    info: (tensor) => model.info(tensor),
    nameInFile: (tensor) => model.nameInFile(tensor),
    read: Object.assign((tensor: string) => model.read(tensor), {
      runs: (tensor: string, rowLength?: number) => model.readRuns(tensor, rowLength),
      blocks: (tensor: string) => model.blocks(tensor),
    }),
    close: () => model.close(),
  };
}
