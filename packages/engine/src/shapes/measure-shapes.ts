import { ShapesPass } from './shapes-pass.js';

/** What a function would cost, from shapes alone. */
export interface MeasuredShapes {
  /** Of all products and convolutions, forward and backward. */
  readonly multiplyAdds: number;
  /** Elements of the variables that it makes. */
  readonly parameters: number;
  /** The most bytes that its variables and tensors take at one time; an estimate. */
  readonly peakBytes: number;
}

/**
 * Runs a function on shapes alone and says what it would cost: the same numbers on every engine, and before any is
 * started. The function is called twice; it may make models and take gradients, and reads no values.
 * @example
 * const { multiplyAdds } = measureShapes(() => linear(zeros([5, 7]), zeros([7, 11])));
 * // 385
 */
export function measureShapes(work: () => unknown): MeasuredShapes {
  const pass = new ShapesPass();
  let parameters = 0;
  const { multiplyAdds, peakBytes } = pass.measure(() => {
    const before = pass.variableElements;
    work();
    parameters = pass.variableElements - before;
  });
  return { multiplyAdds, parameters, peakBytes };
}
