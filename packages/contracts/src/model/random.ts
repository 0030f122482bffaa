import type { Tensor } from './tensor.js';

/**
 * A seeded stream of random numbers whose whole state can be saved and restored, so that a resumed
 * run draws what the interrupted one would have drawn.
 */
export interface RandomStream {
  /** A number in [0, 1). */
  uniform(): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** Independent stream for a named purpose; the same name gives the same stream. */
  fork(name: string): RandomStream;
  /**
   * A float32 tensor of draws in [0, 1), made outside the computation and fed to it as an input, so that a
   * recorded step draws anew at each replay.
   */
  uniformTensor(shape: readonly number[]): Tensor;
  state(): string;
  restore(state: string): void;
}
