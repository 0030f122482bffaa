import type { Dataset, Row } from '@eim/contracts';
import type { Segment } from '../../plan/segment-schema.js';
import { EVALUATION_BATCH, evaluationSize, MOST_ANSWERS_EVALUATED } from '../data/evaluation-batches.js';
import { spread } from '../data/spread.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { median } from './median.js';
import { sampleRows } from './sample-rows.js';
import { evaluationKey, measuredBy, type SegmentTrial, trySegment } from './segment-trial.js';

/** Pictures decoded to learn how long one takes. */
const DECODED_PICTURES = 64;
const MOST_DECODING_SECONDS = 1;
/** More than one chunk of pictures: the first one makes the engine ready. */
const LEAST_ROWS = 2 * CHUNK_SIZE;

/** Sizes of a split, and of what stood in for it in the trials. */
export interface SplitCounts {
  readonly rows: number;
  readonly pictures: number;
  readonly sampledRows: number;
  readonly sampledPictures: number;
}

/** What trials of a plan's segments took. */
export interface PlanTrials {
  /** One for each segment; those that do the same share one. */
  readonly segments: readonly SegmentTrial[];
  readonly splits: Readonly<Record<string, SplitCounts>>;
  /** Hashing and tokenising all data. */
  readonly startSeconds: number;
  /** Reading a picture. */
  readonly decodeSeconds: number;
  /** Bytes that pictures of the samples took in memory, and may take. */
  readonly pictureBytes: number;
  readonly pictureLimit: number;
}

export interface TryPlanOptions extends TrainPlanOptions {
  /** Called before each trial. */
  readonly onTrial?: (segment: string, index: number, count: number) => void;
  /** The time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/**
 * Takes a few real steps of each segment on rows of its split, to foretell how long the plan takes. Weights go back to their values
 * after each segment, and nothing is kept.
 * @throws EimError as `trainPlan`
 * @example
 * const { segments } = await tryPlan({ model, plan, dataset, tokenizer, seed: 1 });
 * console.log(segments.map(({ stepSeconds }) => stepSeconds));
 */
export async function tryPlan(options: TryPlanOptions): Promise<PlanTrials> {
  const { plan, now = () => performance.now(), onTrial, featureCache, ...rest } = options;
  const began = now();
  const whole = await TrainingEnvironment.create(options);
  const used = [...new Set(plan.segments.flatMap(splitsOf))];
  for (const split of used) whole.texts(split);
  const startSeconds = (now() - began) / 1000;
  const dataset = sampleDataset(whole, plan.segments);
  const environment = await TrainingEnvironment.create({
    ...rest,
    plan,
    dataset,
    // Entries of a store are whole chunks of the run's pictures, which a sample does not have.
    featureCache: featureCache === 'off' ? 'off' : undefined,
  });
  try {
    const known = new Map<string, SegmentTrial>();
    const keys = plan.segments.map(workOf);
    const count = new Set(keys).size;
    for (const [index, segment] of plan.segments.entries()) {
      if (known.has(keys[index]!)) continue;
      onTrial?.(segment.name, known.size, count);
      known.set(keys[index]!, await trySegment(environment, segment, now));
    }
    const readsPictures = [...known.values()].some(({ features }) => features === 'computed');
    const decodeSeconds = readsPictures ? await timeDecoding(whole, now) : 0;
    const { used: pictureBytes, limit: pictureLimit } = environment.budget;
    return {
      segments: keys.map((key) => known.get(key)!),
      splits: Object.fromEntries(used.map((split) => [split, countsOf(whole, environment, split)])),
      startSeconds,
      decodeSeconds,
      pictureBytes,
      pictureLimit,
    };
  } finally {
    await environment.close();
    await whole.close();
  }
}

const splitsOf = (segment: Segment): string[] => [
  segment.data.split,
  ...measuredBy(segment).map(({ split }) => split),
];

/** Segments of the same text take equally long steps. */
function workOf(segment: Segment): string {
  const { learn, objective, data, batchSize, captionsPerPicture, accumulate, clipNorm, ema } = segment;
  const selections = Object.entries(learn).map(([part, { select }]) => [part, select]);
  const measured = measuredBy(segment).map(evaluationKey).sort();
  const sizes = [batchSize, captionsPerPicture, accumulate, clipNorm === undefined, ema === undefined];
  return JSON.stringify([selections, objective, data, sizes, measured]);
}

function sampleDataset(whole: TrainingEnvironment, segments: readonly Segment[]): Dataset {
  const samples = new Map<string, readonly Row[]>();
  for (const { data, batchSize } of segments) {
    const known = samples.get(data.split)?.length ?? 0;
    const count = Math.max(known, LEAST_ROWS, batchSize);
    samples.set(data.split, sampleRows(whole.rows(data.split), whole.texts(data.split), count));
  }
  for (const { split } of segments.flatMap(measuredBy)) {
    if (samples.has(split)) continue;
    const texts = whole.texts(split);
    const answers = texts.rows.reduce((most, { length }) => Math.max(most, length), 1);
    // Two full batches of an evaluation.
    const answersEach = Math.min(MOST_ANSWERS_EVALUATED, answers);
    const batch = evaluationSize(texts.rows.length, answersEach, EVALUATION_BATCH);
    samples.set(split, spread(whole.rows(split), 2 * batch));
  }
  return {
    name: whole.options.dataset.name,
    splits: [...samples.keys()],
    split: (name) => samples.get(name) ?? [],
    notes: [],
  };
}

function countsOf(whole: TrainingEnvironment, sample: TrainingEnvironment, split: string): SplitCounts {
  return {
    rows: whole.rows(split).length,
    pictures: whole.rowPictures(split).pictures.length,
    sampledRows: sample.rows(split).length,
    sampledPictures: sample.rowPictures(split).pictures.length,
  };
}

/** Seconds that reading one picture takes once the code is warm: the median of some that the trials have not kept. */
async function timeDecoding(whole: TrainingEnvironment, now: () => number): Promise<number> {
  const splits = [...new Set(whole.options.plan.segments.map(({ data }) => data.split))];
  const pictures = splits.flatMap((split) => whole.rowPictures(split).pictures);
  const taken: number[] = [];
  const began = now();
  for (const picture of spread(pictures, DECODED_PICTURES)) {
    const pictureBegan = now();
    await whole.pixels.values(picture, { keep: false });
    taken.push((now() - pictureBegan) / 1000);
    if ((now() - began) / 1000 > MOST_DECODING_SECONDS) break;
  }
  return taken.length === 0 ? 0 : median(taken);
}
