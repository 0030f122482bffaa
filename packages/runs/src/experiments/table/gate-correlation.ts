import type { UnitRecord } from '../records/unit-record.js';

/** How well what a gate measured orders trainings by the score that they ended with. */
export interface GateCorrelation {
  readonly segment: string;
  readonly metric: string;
  /** Trainings whose segment had this gate. */
  readonly count: number;
  /** Spearman's rank correlation of the value after the segment with final CIDEr; NaN where either is the same for all. */
  readonly correlation: number;
}

/** Fewer trainings than this say nothing. */
const FEWEST = 3;

/** By segment and metric, in the order in which they appear. */
export function gateCorrelations(records: readonly UnitRecord[]): GateCorrelation[] {
  const measured = new Map<string, { segment: string; metric: string; pairs: [number, number][] }>();
  for (const { training, score } of records) {
    for (const { name, gate } of training.segments) {
      if (gate === undefined) continue;
      const key = JSON.stringify([name, gate.metric]);
      const found = measured.get(key) ?? { segment: name, metric: gate.metric, pairs: [] };
      found.pairs.push([gate.after, score.scores.CIDEr!]);
      measured.set(key, found);
    }
  }
  return [...measured.values()]
    .filter(({ pairs }) => pairs.length >= FEWEST)
    .map(({ segment, metric, pairs }) => ({
      segment,
      metric,
      count: pairs.length,
      correlation: rankCorrelation(
        pairs.map(([value]) => value),
        pairs.map(([, cider]) => cider),
      ),
    }));
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
 * @example
 * rankCorrelation([1, 2, 3], [10, 30, 20]); // 0.5
 */
export function rankCorrelation(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [ranks(left), ranks(right)];
  const middle = (left.length - 1) / 2;
  let [both, ofLeft, ofRight] = [0, 0, 0];
  for (const [index, rank] of a.entries()) {
    both += (rank - middle) * (b[index]! - middle);
    ofLeft += (rank - middle) ** 2;
    ofRight += (b[index]! - middle) ** 2;
  }
  return both / Math.sqrt(ofLeft * ofRight);
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}
