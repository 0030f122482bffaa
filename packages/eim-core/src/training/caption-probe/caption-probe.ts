import type { RandomStream } from '@eim/contracts/model';
import type { CaptionProbe } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import { createOptimizerStep } from '../create-optimizer-step.js';
import { EVALUATION_BATCH, evaluationBatches } from '../data/evaluation-batches.js';
import { partOfSplit } from '../data/part-of-split.js';
import type { SplitData } from '../data/split-data.js';
import { TrainingBatches } from '../data/training-batches.js';
import type { FeatureCache } from '../feature-cache/feature-cache.js';
import { picturePrefix } from '../feature-cache/picture-prefix.js';
import type { Measurement } from '../gates/measurement.js';
import { learningRateSchedule } from '../optimizer/learning-rate-schedule.js';
import { restore, snapshot } from '../optimizer/snapshot.js';
import { SegmentLearner } from '../run/segment-learner.js';
import type { TrainingEnvironment } from '../run/training-environment.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { probedRowCount, probeSegment } from './probe-segment.js';

export interface CaptionProbeOptions {
  /** Absent: the defaults. */
  readonly probe: CaptionProbe | undefined;
  readonly trainOn: string;
  /** What is measured on: a split, or a part of one. */
  readonly heldOut: Omit<SplitData, 'images'>;
  /** By which the rows that it trains on are drawn: the same stream draws the same ones. */
  readonly random: RandomStream;
  readonly each: boolean;
}

/**
 * The held-out caption loss that ST and LLM reach within a few caption steps behind the encoder as it stands. Afterwards both
 * have the very values that they had before. The encoder is frozen, and its outputs are computed once for each picture,
 * for this probe alone; so the probe costs the same at any time, and in a run that was resumed.
 */
export async function captionProbe(
  environment: TrainingEnvironment,
  { probe, trainOn, heldOut, random, each }: CaptionProbeOptions,
): Promise<Measurement> {
  const all = environment.splitData(trainOn);
  const segment = probeSegment(environment.model, { probe, split: trainOn, rowCount: all.rows.length });
  const drawn = random.fork('rows').shuffle(Array.from(all.rows.keys()));
  const chosen = drawn.slice(0, probedRowCount(segment, all.rows.length));
  const learner = await SegmentLearner.create(environment, segment);
  const features = environment.featuresApart();
  const start = await snapshot(learner.weights);
  try {
    const read = (name: string, data: Omit<SplitData, 'images'>) =>
      withImages(environment, { name, data, features, learner, segment });
    await takeSteps(environment, learner, segment, await read('train', partOfSplit(all, chosen)), random);
    return await lossOf(learner, await read('held out', heldOut), random, each);
  } finally {
    restore(learner.weights, start);
    learner.dispose();
    await features.forget();
  }
}

interface PicturedOptions {
  /** By which the features are told apart. */
  readonly name: string;
  readonly data: Omit<SplitData, 'images'>;
  readonly features: FeatureCache;
  readonly learner: SegmentLearner;
  readonly segment: Segment;
}

async function withImages(
  { model, pixels }: TrainingEnvironment,
  { name, data, features, learner, segment }: PicturedOptions,
): Promise<SplitData> {
  const { pictures } = data.pictures;
  if (pictures.length === 0) return { ...data, images: undefined };
  const prefix = picturePrefix(model, learner.objective, segment);
  if (!prefix) return { ...data, images: { pixels } };
  return { ...data, images: { features: await features.source({ ...prefix, split: name, pictures }) } };
}

async function takeSteps(
  { options }: TrainingEnvironment,
  learner: SegmentLearner,
  segment: Segment,
  data: SplitData,
  random: RandomStream,
): Promise<void> {
  const { batchSize, captionsPerPicture } = segment;
  const steps = segment.until.steps!;
  const drawing = { batchSize, captionsPerPicture, augment: [], random: random.fork('data') };
  const batches = new TrainingBatches(data, { ...drawing, state: undefined });
  const rateAt = learningRateSchedule(segment, steps);
  // The first process of a group measures alone.
  const training = createOptimizerStep(learner, segment, { ...options, group: undefined });
  try {
    for (let step = 0; step < steps; step += 1) {
      await yieldToEventLoop();
      const next = async () => ({
        batch: (await batches.next()).batch,
        random: () => random.fork(`step.${step}`),
      });
      const report = await training.take({ step, rateScale: rateAt(step), next });
      report.dispose();
    }
  } finally {
    training.dispose();
  }
}

async function lossOf(
  { objective, parts }: SegmentLearner,
  data: SplitData,
  random: RandomStream,
  wantsEach: boolean,
): Promise<Measurement> {
  let pictures: Float32Array | undefined;
  const each = (metric: string, values: Float32Array) => {
    if (metric === 'loss') pictures = values;
  };
  const measured = await objective.evaluate!(parts, evaluationBatches(data, EVALUATION_BATCH), {
    training: false,
    random: random.fork('evaluate'),
    rows: data.rows,
    ...(wantsEach && { each }),
  });
  return { value: measured.loss!, ...(pictures && { each: pictures }) };
}
