import type { Gate } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import { restore } from '../optimizer/snapshot.js';
import { preflight } from '../run/preflight.js';
import type { OnEncode } from '../run/segment-splits.js';
import { SegmentTraining } from '../run/segment-training.js';
import type { TrainingEnvironment } from '../run/training-environment.js';
import { TrainingSession } from '../run/training-session.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { median } from './median.js';

/** Steps that the median is of at least, behind the first, which traces the step, and records it where the engine can. */
const TIMED_STEPS = 5;
/** Short steps go on until so many seconds have passed: processor, caches and memory take that long to find their pace. */
const WARM_UP_SECONDS = 1.5;
const MOST_STEPS = 200;
/** Steps that are taken however slow they are. */
const FEWEST_STEPS = 2;
/** No further step is begun after so many seconds of them. */
const MOST_STEP_SECONDS = 10;
/** An evaluation that took longer is not repeated to have it without what only the first one does. */
const MOST_REPEATED_SECONDS = 3;

/** What a few real steps of a segment took. */
export interface SegmentTrial {
  /** Of an optimizer step with all of its batches: the median of {@link timedSteps}. */
  readonly stepSeconds: number;
  /** The later steps of the trial, which the median is of: five, more where steps are short, and fewer where they are very slow. */
  readonly timedSteps: number;
  /** What the steps before those took beyond the median. */
  readonly firstSeconds: number;
  /** Tokens that the texts of its batches were padded to. */
  readonly textLength: number;
  /** Trying the kernels, hashing weights, making the optimizer. */
  readonly beginSeconds: number;
  /** A picture through what is frozen; absent where none was encoded. */
  readonly encodeSeconds?: number;
  /** A text through frozen lower blocks of the LLM; absent where none was encoded. */
  readonly encodeTextSeconds?: number;
  /** Writing a checkpoint; 0 without a place for it. */
  readonly saveSeconds: number;
  /** Evaluations of the sample, by {@link evaluationKey}. */
  readonly evaluationSeconds: Readonly<Record<string, number>>;
  /** In which form the steps get their pictures. */
  readonly features: 'cached' | 'computed' | 'unused';
  /** Bytes of one copy of all that a step changes, and of the weights alone. */
  readonly stateBytes: number;
  readonly weightBytes: number;
}

/** Names what is measured on a split. */
export const evaluationKey = ({ metric, split }: { readonly metric: string; readonly split: string }) =>
  `${metric} on ${split}`;

/** What a segment measures: its gate, and what its best weights are known by. */
export const measuredBy = ({ gate, keepBest, until }: Segment) =>
  [gate, until.earlyStopping, keepBest].filter((rule) => rule !== undefined);

/**
 * Takes a few steps of a segment on an environment of few rows, and measures all else that a run of it does. What learnt goes back
 * to its values.
 * @param now the time in milliseconds
 */
export async function trySegment(
  environment: TrainingEnvironment,
  whole: Segment,
  now: () => number,
): Promise<SegmentTrial> {
  // Far from its end, so that nothing of the end is done.
  const { epochs: _, ...until } = whole.until;
  const segment: Segment = { ...whole, until: { ...until, steps: 1000 } };
  const encoding = new EncodingClock(now);
  const began = now();
  await preflight(environment, [segment]);
  const session = new TrainingSession(environment);
  encoding.begin();
  const run = await SegmentTraining.create(session, segment, undefined, encoding.observe);
  const beginSeconds = (now() - began) / 1000 - encoding.seconds;
  try {
    const evaluationSeconds: Record<string, number> = {};
    for (const rule of measuredBy(segment)) {
      const key = evaluationKey(rule);
      evaluationSeconds[key] ??= await timeEvaluation(run, rule, encoding, now);
    }
    const steps = await timeSteps(environment, run, now);
    const saveBegan = now();
    await run.save();
    const saveSeconds = environment.options.checkpoints ? (now() - saveBegan) / 1000 : 0;
    restore(run.learner.weights, run.start);
    const [encodeSeconds, encodeTextSeconds] = [encoding.each('pictures'), encoding.each('texts')];
    return {
      ...steps,
      textLength: environment.texts(segment.data.split).lengths.at(-1)!.length,
      beginSeconds,
      ...(encodeSeconds !== undefined && { encodeSeconds }),
      ...(encodeTextSeconds !== undefined && { encodeTextSeconds }),
      saveSeconds,
      evaluationSeconds,
      features: run.data.features,
      stateBytes: bytesOf(run.learner.everything),
      weightBytes: bytesOf(run.learner.weights),
    };
  } finally {
    run.dispose();
  }
}

const bytesOf = (variables: SegmentTraining['learner']['weights']): number =>
  4 * variables.reduce((sum, { variable }) => sum + variable.size, 0);

async function timeSteps(
  { options }: TrainingEnvironment,
  run: SegmentTraining,
  now: () => number,
): Promise<Pick<SegmentTrial, 'stepSeconds' | 'timedSteps' | 'firstSeconds'>> {
  const taken: number[] = [];
  const began = now();
  const goesOn = () => {
    const seconds = (now() - began) / 1000;
    if (taken.length < FEWEST_STEPS) return true;
    if (taken.length <= TIMED_STEPS) return seconds <= MOST_STEP_SECONDS;
    return seconds < WARM_UP_SECONDS && taken.length < MOST_STEPS;
  };
  while (goesOn()) {
    const stepBegan = now();
    await yieldToEventLoop();
    options.signal?.throwIfAborted();
    await run.takeStep();
    taken.push((now() - stepBegan) / 1000);
  }
  const timedSteps = Math.max(Math.min(TIMED_STEPS, taken.length - 1), Math.ceil(taken.length / 2));
  const stepSeconds = median(taken.slice(-timedSteps));
  const beyond = taken.slice(0, -timedSteps).map((seconds) => Math.max(0, seconds - stepSeconds));
  return {
    stepSeconds,
    timedSteps,
    firstSeconds: beyond.reduce((sum, seconds) => sum + seconds, 0),
  };
}

async function timeEvaluation(
  run: SegmentTraining,
  { metric, split, probe }: Pick<Gate, 'metric' | 'split' | 'probe'>,
  encoding: EncodingClock,
  now: () => number,
): Promise<number> {
  const once = async () => {
    const encodedBefore = encoding.seconds;
    encoding.begin();
    const began = now();
    await run.measure({ metric, split, probe, each: false });
    return (now() - began) / 1000 - (encoding.seconds - encodedBefore);
  };
  const first = await once();
  return first > MOST_REPEATED_SECONDS ? first : await once();
}

/** Times chunks of pictures and of texts on their way through what is frozen. */
class EncodingClock {
  readonly #now: () => number;
  readonly #chunks = { pictures: [] as number[], texts: [] as number[] };
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(): void {
    this.#last = this.#now();
  }

  /** Called after each chunk. */
  readonly observe: OnEncode = (_done, _total, what) => {
    const now = this.#now();
    this.#chunks[what].push((now - this.#last) / 1000);
    this.#last = now;
  };

  get seconds(): number {
    return Object.values(this.#chunks)
      .flat()
      .reduce((sum, seconds) => sum + seconds, 0);
  }

  /** From the chunks after the first, which makes the engine ready; a short chunk takes as long as a full one. */
  each(what: 'pictures' | 'texts'): number | undefined {
    const all = this.#chunks[what];
    const chunks = all.length > 1 ? all.slice(1) : all;
    return chunks.length === 0 ? undefined : median(chunks) / CHUNK_SIZE;
  }
}
