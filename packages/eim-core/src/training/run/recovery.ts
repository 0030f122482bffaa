import type { NamedArray } from '../optimizer/snapshot.js';
import { allFinite } from './not-finite.js';
import type { NumericFailure, NumericFault } from './numeric-failure.js';
import type { RecoveryState } from './recovery-state.js';
import type { SegmentPoint } from './segment-counts.js';
import type { SegmentLearner } from './segment-learner.js';

/** How often a segment goes back before it gives up, and what each time does to its rate. */
const WAYS = {
  'go-back': { mostFailures: 3, rate: 0.5 },
  'leave-out': { mostFailures: 100, rate: 1 },
  stop: { mostFailures: 0, rate: 1 },
} as const;
type Way = (typeof WAYS)[keyof typeof WAYS];
/** Steps between two copies of the values to go back to. */
const STEPS_BETWEEN_COPIES = 50;
/** Bytes that a copy may take, beyond which a segment goes back to its start, which is kept in any case: 256 MiB. */
const MOST_COPY_BYTES = 2 ** 28;

/** Bytes of the copy that a segment of so many steps keeps to go back to; 0 where it keeps none. @param bytes of all that a step changes */
export const recoveryCopyBytes = (bytes: number, steps: number): number =>
  bytes <= MOST_COPY_BYTES && steps > STEPS_BETWEEN_COPIES ? bytes : 0;

/** Values of a segment, with the step that they belong to. */
interface Copy {
  readonly point: SegmentPoint;
  readonly tensors: readonly NamedArray[];
}

/**
 * Takes a segment back to values that were good when a number is no longer finite. The values are copies of all that learns, of the
 * optimizer's moments and of the average, made every 50 steps: 12 bytes for each learning parameter, 16 with an average, outside
 * the engine and in every checkpoint. Where that is above 256 MiB there are none, and the segment goes back to its start.
 * A segment that fails again before it got further goes back to its start, too: the copy was no good any more.
 */
export class Recovery {
  readonly #learner: SegmentLearner;
  /** The learning weights as the segment found them. */
  readonly #startWeights: readonly NamedArray[];
  readonly #start: SegmentPoint;
  readonly #affordable: boolean;
  readonly #way: Way;
  #copy: Copy | undefined;
  #failures: readonly NumericFailure[];

  constructor(
    learner: SegmentLearner,
    startWeights: readonly NamedArray[],
    { start, copy, failures }: RecoveryState,
    tensors?: readonly NamedArray[],
  ) {
    this.#way = WAYS[learner.onNumericFailure];
    this.#learner = learner;
    this.#startWeights = startWeights;
    this.#start = start;
    this.#copy = copy && tensors && { point: copy, tensors };
    this.#failures = failures;
    const values = learner.everything.reduce((sum, { variable }) => sum + variable.size, 0);
    this.#affordable = 4 * values <= MOST_COPY_BYTES;
  }

  get failures(): readonly NumericFailure[] {
    return this.#failures;
  }

  /** Share of the learning rate that is left. */
  get rateFactor(): number {
    return this.#failures.at(-1)?.rateFactor ?? 1;
  }

  /** Numbers of the batches that failed. */
  get skipped(): ReadonlySet<number> {
    return new Set(this.#failures.flatMap(({ batches }) => batches));
  }

  get state(): RecoveryState {
    return {
      start: this.#start,
      ...(this.#copy && { copy: this.#copy.point }),
      failures: this.#failures,
    };
  }

  /** Of the copy, for a checkpoint. */
  get tensors(): readonly NamedArray[] | undefined {
    return this.#copy?.tensors;
  }

  /** Copies the values after a step, where a copy is due and all of them are finite. */
  async observe(point: SegmentPoint): Promise<void> {
    if (!this.#affordable || point.step % STEPS_BETWEEN_COPIES !== 0) return;
    const tensors = await this.#learner.copyEverything();
    if (allFinite(tensors)) this.#copy = { point, tensors };
  }

  /**
   * Goes back to good values, without the batches of the step and, unless these are only left out, at half the rate.
   * @param step the step that failed, counted from 1
   * @returns where the segment stands now, or undefined where it has gone back often enough
   */
  goBack(step: number, { what }: NumericFault, batches: readonly number[]): SegmentPoint | undefined {
    const last = this.#failures.at(-1);
    if (this.#failures.length >= this.#way.mostFailures) return undefined;
    if (last && step <= last.step) this.#copy = undefined;
    const copy = this.#copy;
    if (copy) this.#learner.takeUp(copy.tensors);
    else this.#learner.startOver(this.#startWeights);
    const point = copy?.point ?? this.#start;
    const rateFactor = this.rateFactor * this.#way.rate;
    this.#failures = [...this.#failures, { step, what, wentBackTo: point.step, batches, rateFactor }];
    return point;
  }
}
