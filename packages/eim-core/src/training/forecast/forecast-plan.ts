import type { Plan } from '../../plan/plan-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { PlanCost } from '../budget/plan-cost.js';
import type { SegmentCost } from '../budget/segment-cost.js';
import { secondsBetweenSaves } from '../run/save-clock.js';
import type { SavePolicy } from '../run/train-options.js';
import { MOST_PROBED_PICTURES, WORD_PROBE } from '../word-probe/probe-pictures.js';
import { evaluationKey, measuredBy, type SegmentTrial } from './segment-trial.js';
import type { PlanTrials, SplitCounts } from './try-plan.js';

/** How long a segment takes, in seconds, by what it spends them on. */
export interface SegmentForecast {
  readonly name: string;
  /** Of one optimizer step. */
  readonly stepSeconds: number;
  /** Steps that were timed to learn it. */
  readonly timedSteps: number;
  readonly steps: number;
  /** Making the optimizer, trying the kernels, recording the step. */
  readonly begin: number;
  /** Reading pictures that the steps show for the first time. */
  readonly decoding: number;
  /** Running pictures through what is frozen, those of evaluations included, and texts through frozen lower blocks. */
  readonly encoding: number;
  /** The gate, before and after. */
  readonly gate: number;
  /** What the best weights are known by; at most, where early stopping may end the segment. */
  readonly evaluations: number;
  readonly checkpoints: number;
  readonly total: number;
}

/** How long a plan takes, in seconds. */
export interface PlanForecast {
  readonly segments: readonly SegmentForecast[];
  /** Hashing and tokenising the data. */
  readonly start: number;
  readonly total: number;
}

export interface ForecastPlanOptions {
  readonly plan: Plan;
  readonly cost: PlanCost;
  readonly trials: PlanTrials;
  readonly save?: SavePolicy | undefined;
}

/**
 * Foretells the time of a run from trials of its segments. A run whose features lie in a store already, or that stops early, takes
 * less.
 * @example
 * const cost = await planMultiplyAdds(options);
 * const { total } = forecastPlan({ plan, cost, trials: await tryPlan(options) });
 */
export function forecastPlan({ plan, cost, trials, save = {} }: ForecastPlanOptions): PlanForecast {
  const pictures = new PicturesSoFar(trials);
  const segments = plan.segments.map((segment, index) => {
    const own = cost.segments[index]!;
    const trial = trials.segments[index]!;
    const { stepSeconds, seconds: steps } = timeOfSteps(trial, own);
    const begin = trial.beginSeconds + trial.firstSeconds * own.byLength.length;
    const decoding = pictures.decoding(segment, own, trial);
    const encoding =
      pictures.encoding(segment, own, trial) + own.encodedTexts * (trial.encodeTextSeconds ?? 0);
    const { gate, evaluations } = timeOfEvaluations(segment, own, trials, trial);
    const training = steps + evaluations + decoding;
    const checkpoints = savesDuring(training, own.steps, trial.saveSeconds, save) * trial.saveSeconds;
    const total = begin + steps + decoding + encoding + gate + evaluations + checkpoints;
    const { timedSteps } = trial;
    const parts = { begin, decoding, encoding, gate, evaluations, checkpoints };
    return { name: segment.name, stepSeconds, timedSteps, steps, ...parts, total };
  });
  const start = trials.startSeconds;
  return { segments, start, total: segments.reduce((sum, { total }) => sum + total, start) };
}

/** Steps on other lengths than the trial's take longer or shorter as their multiply-adds are more or fewer. */
function timeOfSteps({ stepSeconds, textLength }: SegmentTrial, { byLength, steps }: SegmentCost) {
  const distance = (length: number) => Math.abs(length - textLength);
  const tried = byLength.reduce((best, one) =>
    distance(one.textLength) < distance(best.textLength) ? one : best,
  );
  const batches = byLength.reduce((sum, one) => sum + one.steps, 0);
  const work = byLength.reduce((sum, one) => sum + one.steps * one.perStep, 0);
  const mean = tried.perStep === 0 ? stepSeconds : (stepSeconds * work) / batches / tried.perStep;
  return { stepSeconds: mean, seconds: mean * steps };
}

interface MeasuredRule {
  readonly metric: string;
  readonly split: string;
}

/** How many times as much an evaluation looks at in a run: rows of its split, or, for a word probe, pictures of two splits. */
function timesTheSample({ metric, split }: MeasuredRule, trainOn: string, { splits }: PlanTrials): number {
  const { rows, sampledRows } = splits[split]!;
  if (metric !== WORD_PROBE) return rows / sampledRows;
  const read = [trainOn, split].map((name) => splits[name]!);
  const sum = (of: (counts: SplitCounts) => number) =>
    read.reduce((total, counts) => total + Math.min(MOST_PROBED_PICTURES, of(counts)), 0);
  return sum(({ pictures }) => pictures) / sum(({ sampledPictures }) => sampledPictures);
}

function timeOfEvaluations(
  segment: Segment,
  { steps }: SegmentCost,
  trials: PlanTrials,
  trial: SegmentTrial,
) {
  const once = (rule: MeasuredRule) =>
    trial.evaluationSeconds[evaluationKey(rule)]! * timesTheSample(rule, segment.data.split, trials);
  const best = segment.until.earlyStopping ?? segment.keepBest;
  return {
    gate: segment.gate ? 2 * once(segment.gate) : 0,
    evaluations: best ? Math.ceil(steps / best.every) * once(best) : 0,
  };
}

/** How often a segment is saved, its end included. */
function savesDuring(seconds: number, steps: number, saveSeconds: number, policy: SavePolicy): number {
  const byClock = Math.floor(seconds / secondsBetweenSaves(policy, saveSeconds));
  const bySteps = policy.steps === undefined ? 0 : Math.floor(steps / policy.steps);
  return 1 + byClock + bySteps;
}

/** Which pictures of a run have been read and encoded before a segment. */
class PicturesSoFar {
  readonly #trials: PlanTrials;
  readonly #read = new Map<string, number>();
  #evaluated = new Set<string>();
  #encodeSeconds = 0;

  constructor(trials: PlanTrials) {
    this.#trials = trials;
  }

  /** Pictures whose pixels a segment's steps and evaluations show, where they have not been read before or memory had no room. */
  decoding(segment: Segment, { steps }: SegmentCost, { features }: SegmentTrial): number {
    if (features !== 'computed') return 0;
    const drawn = steps * segment.batchSize * segment.accumulate;
    const trained = this.#newlyRead(segment.data.split, drawn);
    const evaluated = measuredBy(segment).map(({ split }) => this.#newlyRead(split, Infinity));
    return [trained, ...evaluated].reduce((sum, count) => sum + count, 0) * this.#trials.decodeSeconds;
  }

  encoding(
    segment: Segment,
    { encodedPictures }: SegmentCost,
    { features, encodeSeconds }: SegmentTrial,
  ): number {
    this.#encodeSeconds = encodeSeconds ?? this.#encodeSeconds;
    if (features !== 'cached') return 0;
    if (encodedPictures > 0) this.#evaluated = new Set();
    const evaluated = [...new Set(measuredBy(segment).map(({ split }) => split))]
      .filter((split) => split !== segment.data.split && !this.#evaluated.has(split))
      .map((split) => {
        this.#evaluated.add(split);
        return this.#trials.splits[split]!.pictures;
      });
    return evaluated.reduce((sum, count) => sum + count, encodedPictures) * this.#encodeSeconds;
  }

  #newlyRead(split: string, drawn: number): number {
    const { pictures } = this.#trials.splits[split]!;
    const distinct = Math.min(drawn, pictures);
    const repeated = Number.isFinite(drawn) ? drawn - distinct : 0;
    const before = this.#read.get(split) ?? 0;
    this.#read.set(split, Math.max(before, distinct));
    return Math.max(0, distinct - before) + repeated * this.#shareWithoutRoom(pictures);
  }

  /** The share of a split's pictures for which memory has no room, so that they are read each time. */
  #shareWithoutRoom(pictures: number): number {
    const { pictureBytes, pictureLimit, splits } = this.#trials;
    const sampled = Object.values(splits).reduce((sum, { sampledPictures }) => sum + sampledPictures, 0);
    if (pictureBytes === 0) return 0;
    return Math.max(0, 1 - (pictureLimit * sampled) / pictureBytes / pictures);
  }
}
