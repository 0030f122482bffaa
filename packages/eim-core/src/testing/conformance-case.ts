import type { Parametric, RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { demand } from './demand.js';

/** One check of a part against its contract. `run` rejects with a message that says what was broken. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Builds the part under test; tiny sizes keep the suites fast. Called anew for every case. */
export type CreatePart<Part> = (random: RandomStream) => Part | Promise<Part>;

/**
 * A case over a fresh part. Besides its own checks it demands that the body leaves no tensor behind, and that
 * disposing of the part frees all that making it took.
 */
export function partCase<Part extends Parametric>(
  name: string,
  create: CreatePart<Part>,
  body: (part: Part) => void | Promise<void>,
): ConformanceCase {
  return {
    name,
    run: async () => {
      const before = tf.memory().numTensors;
      const part = await create(createRandomStream('conformance'));
      const made = tf.memory().numTensors;
      await body(part);
      const left = tf.memory().numTensors - made;
      demand(left === 0, `${left} tensors are left behind by the calls of this case`);
      part.dispose();
      const kept = tf.memory().numTensors - before;
      demand(kept === 0, `${kept} tensors are still held after dispose()`);
    },
  };
}
