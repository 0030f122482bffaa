import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { createCheckpointFolder, createSpillFolder } from '@eim/core/node';
import {
  forecastPlan,
  type ObjectiveEntry,
  type Plan,
  type PlanCost,
  type PlanForecast,
  type PlanTrials,
  recoveryCopyBytes,
  tryPlan,
} from '@eim/core/training';
import type { Config } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { maxTextLength } from '../data/text-length.js';
import type { BuiltModel } from '../model/build-model.js';

/** What training will take on this machine, foretold from a few real steps of each segment. */
export interface TrainingForecast extends PlanForecast {
  /** The most that the process will hold at once; what a run records as `peakResidentBytes`. */
  readonly memoryBytes: number;
}

export interface ForecastTrainingOptions {
  readonly config: Pick<Config, 'training'>;
  readonly plan: Plan;
  /** What the plan costs. */
  readonly cost: PlanCost;
  readonly built: Pick<BuiltModel, 'model' | 'tokenizer'>;
  readonly dataset: Dataset;
  readonly objectives?: Readonly<Record<string, ObjectiveEntry>> | undefined;
  readonly context: Pick<CompleteContext, 'signal' | 'onProgress' | 'onNote'>;
}

/**
 * Takes a few steps of each segment on a model that is discarded afterwards, and foretells time and memory of the run. Of
 * memory it knows what the trials themselves took at most, with what a longer run keeps beside.
 */
export async function forecastTraining(options: ForecastTrainingOptions): Promise<TrainingForecast> {
  const { config, plan, cost, built, dataset, objectives, context } = options;
  const { seed, textLengths, pictureMemory, featureCache, checkpointEvery } = config.training;
  const folder = await mkdtemp(join(tmpdir(), 'eim-trial-'));
  try {
    const trials = await tryPlan({
      ...built,
      plan,
      dataset,
      objectives: objectives ?? {},
      seed,
      maxTokens: maxTextLength(config.training, dataset),
      cutRows: config.training.cutRows,
      textLengths,
      pictureMemory: pictureMemory * 2 ** 20,
      openSpillFile: createSpillFolder(join(folder, 'spilt')),
      checkpoints: createCheckpointFolder(join(folder, 'checkpoints')),
      featureCache: featureCache === 'off' ? 'off' : undefined,
      signal: context.signal,
      onTrial: (segment, done, total) =>
        context.onProgress({ label: 'trying each segment', done, total, detail: segment }),
    });
    const save = checkpointEvery === undefined ? {} : { steps: checkpointEvery };
    const forecast = forecastPlan({ plan, cost, trials, save });
    noteFewSteps(forecast, context.onNote);
    const resident = process.resourceUsage().maxRSS * 1024;
    return { ...forecast, memoryBytes: resident + keptBeside({ plan, cost, trials }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Steps that are timed where they are not very slow. */
const USUAL_STEPS = 5;

function noteFewSteps({ segments }: PlanForecast, onNote: (text: string) => void): void {
  for (const { name, timedSteps, stepSeconds } of segments) {
    if (timedSteps >= USUAL_STEPS) continue;
    const steps = timedSteps === 1 ? '1 step was' : `${timedSteps} steps were`;
    onNote(`Segment '${name}' is slow, so only ${steps} timed: about ${stepSeconds.toFixed(1)} s each.`);
  }
}

interface Tried {
  readonly plan: Plan;
  readonly cost: PlanCost;
  readonly trials: PlanTrials;
}

/** Bytes that a run holds and its trials do not: the other pictures, and copies of what learns. */
function keptBeside({ plan, cost, trials }: Tried): number {
  const copies = plan.segments.map((segment, index) => {
    const { stateBytes, weightBytes } = trials.segments[index]!;
    const goesBack = segment.onNumericFailure !== 'stop';
    const copy = goesBack ? recoveryCopyBytes(stateBytes, cost.segments[index]!.steps) : 0;
    return copy + (segment.until.earlyStopping || segment.keepBest ? weightBytes : 0);
  });
  return Math.max(...copies) + otherPictures(trials);
}

function otherPictures({ splits, pictureBytes, pictureLimit }: PlanTrials): number {
  const counts = Object.values(splits);
  const all = counts.reduce((sum, { pictures }) => sum + pictures, 0);
  const sampled = counts.reduce((sum, { sampledPictures }) => sum + sampledPictures, 0);
  if (sampled === 0) return 0;
  return Math.max(0, Math.min(pictureLimit, (pictureBytes * all) / sampled) - pictureBytes);
}
