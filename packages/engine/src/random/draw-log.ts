import type { Tensor } from '@tensorflow/tfjs-core';

/** Makes the tensor of one draw, the same at each call. */
type Draw = () => Tensor;

let current: { readonly draws: Draw[]; next: number | undefined } | undefined;

/** The draws of some work, so that the work can be done again with the same ones. */
export class DrawLog {
  readonly #draws: Draw[] = [];

  /** Does the work for the first time. */
  record<Result>(work: () => Result): Result {
    return during({ draws: this.#draws, next: undefined }, work);
  }

  /** Does the work again. */
  replay<Result>(work: () => Result): Result {
    return during({ draws: this.#draws, next: 0 }, work);
  }
}

function during<Result>(log: typeof current, work: () => Result): Result {
  const outer = current;
  current = log;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/**
 * A draw, which is that of the log while one is replayed.
 * @param begin takes what the draw needs from its stream, and gives the draw; it is not called in a replay
 */
export function drawn(begin: () => Draw): Tensor {
  if (current?.next !== undefined) return current.draws[current.next++]!();
  const draw = begin();
  current?.draws.push(draw);
  return draw();
}
