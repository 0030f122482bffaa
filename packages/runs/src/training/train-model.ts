import { join } from 'node:path';
import type { Dataset } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import { createCheckpointFolder, createSpillFolder, saveModel } from '@eim/core/node';
import {
  createObjective,
  learningAnywhere,
  type ObjectiveEntry,
  type ParameterLedger,
  parameterLedger,
  resolveObjectives,
  type TrainingGroup,
  type TrainingProgress,
  type TrainResult,
  trainPlan,
} from '@eim/core/training';
import { createRandomStream } from '@eim/engine';
import type { Config } from '../config/read-config.js';
import type { Environment } from '../context.js';
import { maxTextLength } from '../data/text-length.js';
import { type BuiltModel, buildModel } from '../model/build-model.js';
import { publishedWith } from '../model/published-with.js';
import { hashFile } from '../models/download/file-hash.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import { featureCacheFolder, featureStore } from './feature-cache-folder.js';
import { createRunLogger } from './run-logger.js';

export interface TrainModelOptions {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly loadPlugin: PluginLoader;
  readonly folder: RunFolder;
  /** Go on from the folder's latest checkpoint. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly environment: Environment;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Processes that train this together; the first one alone writes into the folder. */
  readonly group?: TrainingGroup | undefined;
  /** @default true */
  readonly recordSteps?: boolean;
  readonly onNote?: (text: string) => void;
}

/** The result of a run; the contents of `result.json`. */
export interface RunResult extends TrainResult {
  readonly ledger: ParameterLedger;
  /** The most memory that the process held at once, in bytes; for a resumed run, since it was resumed. */
  readonly peakResidentBytes: number;
  /** SHA-256 of the trained model's `model.safetensors`. Runs of earlier versions lack it. */
  readonly modelHash?: string;
}

/**
 * Builds a config's model, drives its plan, and saves model and result into the run folder.
 * @returns the trained model, which the caller disposes of
 */
export async function trainModel(
  options: TrainModelOptions,
): Promise<{ built: BuiltModel; result: RunResult }> {
  const { config, dataset, loadPlugin, folder, resume, signal, onProgress } = options;
  const { recordSteps = true, onNote = () => {}, group } = options;
  const leads = (group?.rank ?? 0) === 0;
  const objectives = await resolveObjectives(config.plan, loadPlugin, publishedWith(config.model.encoder));
  const built = await buildModel(config, dataset, loadPlugin);
  try {
    const logger = leads ? await createRunLogger(config, folder, loadPlugin) : undefined;
    const { checkpointEvery, seed, textLengths, pictureMemory, featureCache, frozenWeights } =
      config.training;
    const cache = featureCacheFolder(options.environment);
    const trained = await trainPlan({
      model: built.model,
      plan: config.plan,
      objectives,
      dataset,
      tokenizer: built.tokenizer,
      seed,
      maxTokens: maxTextLength(config.training, dataset),
      cutRows: config.training.cutRows,
      textLengths,
      pictureMemory: pictureMemory * 2 ** 20,
      openSpillFile: createSpillFolder(`${cache}-spilt`),
      ...(logger && { logger }),
      group,
      checkpoints: createCheckpointFolder(folder.checkpointFolder),
      save: checkpointEvery === undefined ? {} : { steps: checkpointEvery },
      resume,
      featureCache: featureStore(featureCache, cache),
      signal,
      onProgress,
      recordSteps,
      onNote,
    }).finally(() => logger?.close?.());
    const measured = {
      ...trained,
      ledger: await runLedger(config, built, dataset, objectives),
      peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    };
    if (!leads) return { built, result: measured };
    const learning = new Set(learningAnywhere(built.model, config.plan).map(({ name }) => name));
    await saveModel(folder.modelFolder, {
      ...built,
      hasLearnt: ({ name }) => learning.has(name) || built.inherited.has(name),
      frozenWeights,
    });
    const { sha256 } = await hashFile(join(folder.modelFolder, 'model.safetensors'));
    const result = { ...measured, modelHash: sha256 };
    await folder.writeJson('result.json', result);
    return { built, result };
  } catch (error) {
    built.model.dispose();
    throw error;
  }
}

/**
 * The ledger of a config's model and plan, including the parameters that its objectives add for training.
 * @param dataset gives objectives the rows that they take words or the like from
 * @param entries objectives that packages bring, as `resolveObjectives` finds them
 */
export async function runLedger(
  { plan, training }: Pick<Config, 'plan' | 'training'>,
  { model }: Pick<BuiltModel, 'model'>,
  dataset: Dataset,
  entries: Readonly<Record<string, ObjectiveEntry>>,
): Promise<ParameterLedger> {
  const random = createRandomStream(training.seed);
  const objectives = new Map(
    await Promise.all(
      plan.segments.map(
        async (segment) =>
          [
            segment.name,
            await createObjective(
              segment,
              {
                parts: model,
                rows: dataset.split(segment.data.split),
                random: random.fork(segment.name),
              },
              entries,
            ),
          ] as const,
      ),
    ),
  );
  try {
    return parameterLedger(model, { plan, objectives });
  } finally {
    for (const objective of objectives.values()) objective.dispose?.();
  }
}
