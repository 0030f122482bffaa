import type { RowTokens } from '../../rows/row-tokens.js';

/** Lengths that rows with prompts are padded to, unless told otherwise. */
const DEFAULT_LENGTHS = [64, 128, 256, 512];

/** Standard deviations above the mean; beyond them lies less than one batch in a million. */
const MARGIN = 5;

/** One length that batches are padded to, and how much there is to predict in the rows that need it. */
export interface TextLength {
  /** T. */
  readonly length: number;
  /** Most tokens to predict in one row. */
  readonly mostTargets: number;
  /** Mean and standard deviation of the tokens to predict in a row. */
  readonly targets: { readonly mean: number; readonly deviation: number };
}

/**
 * The few lengths of a split's batches: each row belongs to the least that it fits into. The last is no longer than
 * its rows where nothing else was asked for.
 * @param wanted rising; empty: one length, that of the longest row
 * @param greatest no length is greater, for the model's context
 */
export function textLengths(
  rows: readonly RowTokens[],
  wanted: readonly number[] = DEFAULT_LENGTHS,
  greatest = Number.POSITIVE_INFINITY,
): TextLength[] {
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const steps = [...wanted].sort((a, b) => a - b);
  const last = Math.max(longest, Math.min(steps.find((step) => step >= longest) ?? longest, greatest));
  const lengths = [...steps.filter((step) => step < longest), last];
  return lengths
    .map((length, index) => {
      const over = lengths[index - 1] ?? 0;
      const own = rows.filter(({ ids }) => ids.length > over && ids.length <= length);
      return own.length === 0 ? undefined : { length, ...countTargets(own.map(targetCount)) };
    })
    .filter((length) => length !== undefined);
}

/** Tokens to predict in a row. */
export function targetCount({ supervised }: RowTokens): number {
  let count = 0;
  for (let index = 0; index < supervised.length; index += 2)
    count += supervised[index + 1]! - supervised[index]!;
  return count;
}

function countTargets(counts: readonly number[]) {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return {
    mostTargets: counts.reduce((most, count) => Math.max(most, count), 0),
    targets: { mean, deviation: Math.sqrt(variance) },
  };
}

/**
 * Fixed number `N` of target slots of a training batch. The worst case (every answer the longest) would
 * double the vocabulary product on real captions, so `N` covers the mean plus five standard deviations; the
 * batch builder leaves out, and counts, the targets of a batch that goes beyond even that.
 */
export function targetCapacity({ targets, mostTargets }: TextLength, rowCount: number): number {
  const { mean, deviation } = targets;
  const expected = Math.ceil(rowCount * mean + MARGIN * deviation * Math.sqrt(rowCount));
  return Math.max(1, Math.min(rowCount * mostTargets, expected)); // rows that were cut may have nothing to predict
}

/** The greatest of some lengths. */
export const longestOf = (lengths: readonly TextLength[]): TextLength => lengths.at(-1)!;
