let total = 0;

/** Multiply-adds of all products and convolutions run since the process started. */
export function multiplyAddsSoFar(): number {
  return total;
}

/** Adds to the running count; called by whatever runs a product. */
export function addMultiplyAdds(count: number): void {
  total += count;
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
