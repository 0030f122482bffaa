import { type SeededBootstrapResult, seededBootstrap } from '@eim/benchmarks';
import { createRandomStream } from '@eim/engine';
import type { UnitRecord } from '../records/unit-record.js';

/** The difference of two arms in CIDEr, or in the share of right answers. */
export interface ArmDifference extends SeededBootstrapResult {
  /** Seeds with which both arms were scored on the same pictures or questions; only these count. */
  readonly seeds: readonly number[];
}

/**
 * Tests two arms over the seeds that both have. Every test draws the same seeds and pictures, so that its p-value does not
 * depend on which other tests are made.
 * @param times what the other arm's scores are multiplied by
 * @returns undefined where no seed has both
 */
export function armDifference(
  left: readonly UnitRecord[],
  right: readonly UnitRecord[],
  times = 1,
): ArmDifference | undefined {
  const scored = (records: readonly UnitRecord[]) =>
    records.map(({ seed, score }) => ({ seed, of: score.pictureIds, values: score.ciderPerPicture }));
  return seededDifference(scored(left), scored(right), times);
}

/** What one training reached, item by item. */
export interface SeedScores {
  readonly seed: number;
  /** Which items: only scores of the same are compared. */
  readonly of: string;
  readonly values: readonly number[];
}

/** The same test for scores of any kind. */
export function seededDifference(
  left: readonly SeedScores[],
  right: readonly SeedScores[],
  times = 1,
): ArmDifference | undefined {
  const pairs = pairBySeed(left, right);
  if (pairs.length === 0) return undefined;
  const result = seededBootstrap({
    left: pairs.map(([{ values }]) => values),
    right: pairs.map(([, { values }]) => values),
    times,
    random: createRandomStream('experiment'),
  });
  return { ...result, seeds: pairs.map(([{ seed }]) => seed) };
}

/** Scores of the same items by the same seed. */
export const pairBySeed = <Scores extends Pick<SeedScores, 'seed' | 'of'>>(
  left: readonly Scores[],
  right: readonly Scores[],
): (readonly [Scores, Scores])[] =>
  left.flatMap((one) => {
    const other = right.find(({ seed, of }) => seed === one.seed && of === one.of);
    return other ? [[one, other] as const] : [];
  });
