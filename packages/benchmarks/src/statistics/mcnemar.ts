import { EimError } from '@eim/contracts';

export interface McNemarResult {
  /** Right by the left system alone. */
  readonly onlyLeft: number;
  /** Right by the right system alone. */
  readonly onlyRight: number;
  readonly both: number;
  readonly neither: number;
  /** Two-sided and exact. */
  readonly pValue: number;
}

/**
 * McNemar's test of two systems on the same questions (Psychometrika 12, 1947), in its exact form: were both
 * equally good, each question that only one of them got right would fall to either with the same chance.
 * @param left whether each question was right; `right` in the same order
 */
export function mcNemar(left: readonly boolean[], right: readonly boolean[]): McNemarResult {
  if (left.length !== right.length || left.length === 0) {
    throw new EimError({
      code: 'invalid-argument',
      message: `McNemar's test needs two systems' answers to the same questions; it was given ${left.length} and ${right.length}.`,
    });
  }
  const count = (wantLeft: boolean, wantRight: boolean) =>
    left.filter((value, index) => value === wantLeft && right[index] === wantRight).length;
  const onlyLeft = count(true, false);
  const onlyRight = count(false, true);
  return {
    onlyLeft,
    onlyRight,
    both: count(true, true),
    neither: count(false, false),
    pValue: exactPValue(Math.min(onlyLeft, onlyRight), onlyLeft + onlyRight),
  };
}

/** Twice the chance of at most `fewer` heads in `total` throws of a fair coin, at most 1. */
function exactPValue(fewer: number, total: number): number {
  let logTerm = -total * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let heads = 1; heads <= fewer; heads++) {
    logTerm += Math.log((total - heads + 1) / heads);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
