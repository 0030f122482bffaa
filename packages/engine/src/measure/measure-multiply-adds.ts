import { multiplyAddsSoFar } from './multiply-adds.js';

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
