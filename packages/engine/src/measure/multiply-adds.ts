let total = 0;
let isPaused = false;

/** Multiply-adds of all products and convolutions run since the process started. */
export function multiplyAddsSoFar(): number {
  return total;
}

/** Adds to the running count; called by whatever runs a product. */
export function addMultiplyAdds(count: number): void {
  total += count;
}

/** False within {@link uncounted}. */
export const isCounting = (): boolean => !isPaused;

/**
 * Runs a function whose products are not counted, in a forecast neither: engines that record the step find that nothing needs what
 * they give, and leave them out.
 */
export function uncounted<Result>(fn: () => Result): Result {
  const before = { total, isPaused };
  isPaused = true;
  try {
    return fn();
  } finally {
    ({ total, isPaused } = before);
  }
}

export interface MeasuredWork<Result> {
  readonly result: Result;
  readonly multiplyAdds: number;
}

/** Runs a function and counts the multiply-adds of its products and convolutions, forward and backward. */
export function measureMultiplyAdds<Result>(fn: () => Result): MeasuredWork<Result> {
  const before = multiplyAddsSoFar();
  const result = fn();
  return { result, multiplyAdds: multiplyAddsSoFar() - before };
}
