import { type SeededBootstrapResult, seededBootstrap } from '@eim/benchmarks';
import { createRandomStream } from '@eim/engine';
import type { UnitRecord } from '../records/unit-record.js';

/** The difference of two arms in CIDEr. */
export interface ArmDifference extends SeededBootstrapResult {
  /** Seeds with which both arms were trained on the same pictures; only these count. */
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
  const pairs = left.flatMap((record) => {
    const other = right.find(({ seed }) => seed === record.seed);
    return other && other.score.pictureIds === record.score.pictureIds ? [[record, other] as const] : [];
  });
  if (pairs.length === 0) return undefined;
  const result = seededBootstrap({
    left: pairs.map(([record]) => record.score.ciderPerPicture),
    right: pairs.map(([, other]) => other.score.ciderPerPicture),
    times,
    random: createRandomStream('experiment'),
  });
  return { ...result, seeds: pairs.map(([{ seed }]) => seed) };
}
