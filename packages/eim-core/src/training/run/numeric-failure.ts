import { EimError } from '@eim/contracts';

export interface StepNumbers {
  readonly loss: number;
  /** Gradient norm before clipping, by learning part. */
  readonly gradientNorms: Readonly<Record<string, number>>;
  /** Whether one of several processes is asked to stop. */
  readonly stops: boolean;
}

/** What is not finite. */
export interface NumericFault {
  /** In words: `the loss is NaN`. */
  readonly what: string;
  /** The same for programs. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What of a step's numbers is not finite; undefined where all are. */
export function faultOfStep({ loss, gradientNorms }: Omit<StepNumbers, 'stops'>): NumericFault | undefined {
  const parts = Object.entries(gradientNorms)
    .filter(([, norm]) => !Number.isFinite(norm))
    .map(([part]) => part);
  if (Number.isFinite(loss) && parts.length === 0) return undefined;
  const what = [
    ...(Number.isFinite(loss) ? [] : [`the loss is ${loss}`]),
    ...(parts.length > 0 ? [`the gradients of ${parts.join(' and ')} are not finite`] : []),
  ];
  return { what: what.join(' and '), data: { loss, parts, gradientNorms } };
}

/** One time that a segment went back because a number was not finite. */
export interface NumericFailure {
  /** The step that failed, counted from 1. */
  readonly step: number;
  /** What was not finite, in words. */
  readonly what: string;
  /** The step after which its values were taken up again; 0 is the segment's start. */
  readonly wentBackTo: number;
  /** Numbers of the batches that the segment does without from then on. */
  readonly batches: readonly number[];
  /** Share of the learning rate from then on. */
  readonly rateFactor: number;
}

const shareOf = (rateFactor: number): string => `1/${1 / rateFactor}`;

/** One sentence of it. */
export function describeNumericFailure(segment: string, failure: NumericFailure): string {
  const { step, what, wentBackTo, rateFactor, batches } = failure;
  const where = wentBackTo === 0 ? 'its start' : `step ${wentBackTo}`;
  const without = batches.length === 1 ? 'that batch' : `those ${batches.length} batches`;
  return `Segment '${segment}', step ${step}: ${what}. It went back to ${where} and goes on without ${without}${rateFactor < 1 ? `, at ${shareOf(rateFactor)} of the learning rate` : ''}.`;
}

/** @param step counted from 1 @param before how often the segment had gone back */
export function numericFailure(
  segment: string,
  step: number,
  { what, data }: NumericFault,
  before: readonly NumericFailure[],
): EimError {
  const went = before.length === 1 ? 'once' : `${before.length} times`;
  const last = before.at(-1);
  const tried = last
    ? ` It had gone back ${went} before${last.rateFactor < 1 ? `, down to ${shareOf(last.rateFactor)} of the learning rate` : ''}.`
    : '';
  return new EimError({
    code: 'numeric-failure',
    message: `Segment '${segment}', step ${step}: ${what}.${tried}`,
    advice: 'Lower the learning rate, add a warm-up or set clipNorm; the last checkpoint is intact.',
    data: { segment, step, ...data, wentBack: before.length },
  });
}
