import type { Parametric, RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { demand } from './demand.js';

/** What a case may tell a test runner; the test contexts of vitest and node:test fit. */
export interface CaseRunner {
  /** The part does not offer what the case is about. */
  skip?(reason: string): unknown;
}

/** One check of a part against its contract. `run` rejects with a message that says what was broken. */
export interface ConformanceCase {
  readonly name: string;
  run(runner?: CaseRunner): Promise<void>;
}

/** Builds the part under test; tiny sizes keep the suites fast. Called anew for every case. */
export type CreatePart<Part> = (random: RandomStream) => Part | Promise<Part>;

/**
 * A case over a fresh part. Besides its own checks it demands that the body leaves no tensor behind, and that
 * disposing of the part frees all that making it took.
 * @param lacks for a case about something that a part need not offer: what it lacks, undefined where it lacks nothing.
 *   The body does not run then, and the runner is told to skip.
 */
export function partCase<Part extends Parametric>(
  name: string,
  create: CreatePart<Part>,
  body: (part: Part) => void | Promise<void>,
  lacks: (part: Part) => string | undefined = () => undefined,
): ConformanceCase {
  return {
    name,
    // a default, so that runners that count parameters see none and pass no callback
    run: async (runner: CaseRunner = {}) => {
      const before = tf.memory().numTensors;
      const part = await create(createRandomStream('conformance'));
      const made = tf.memory().numTensors;
      const lacking = lacks(part);
      if (lacking === undefined) await body(part);
      const left = tf.memory().numTensors - made;
      demand(left === 0, `${left} tensors are left behind by the calls of this case`);
      part.dispose();
      const kept = tf.memory().numTensors - before;
      demand(kept === 0, `${kept} tensors are still held after dispose()`);
      if (lacking !== undefined) runner.skip?.(lacking);
    },
  };
}
