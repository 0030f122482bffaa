import type { LanguageModel, RandomStream } from '@eim/contracts/model';
import { createRandomStream, ShapesPass } from '@eim/engine';
import { fill, type Tensor3D } from '@tensorflow/tfjs-core';

interface Draws {
  readonly training: true;
  readonly random: RandomStream;
}

/**
 * Whether a language model draws in training on the way to the end of a block, as dropout does. Found by running it on shapes, whole and
 * from there on, as the contract has it say so nowhere.
 */
export function drawsBelow(llm: LanguageModel, block: number, pass = new ShapesPass()): boolean {
  const length = Math.min(2, llm.contextLength);
  const draws = (run: (hidden: Tensor3D, options: Draws) => unknown): number => {
    let count = 0;
    const random = countingStream(createRandomStream('draws'), () => {
      count += 1;
    });
    pass.run(() => run(fill([1, length, llm.hiddenSize], 0) as Tensor3D, { training: true, random })); // [1, T, H]
    return count;
  };
  try {
    const whole = draws((hidden, options) => llm.forward(hidden, options));
    return whole > draws((hidden, options) => llm.forwardFrom!({ block, hidden }, options));
  } catch {
    // What cannot run on shapes alone is left to run at every step.
    return true;
  }
}

/** A stream that tells of every use of it and of its forks. */
function countingStream(stream: RandomStream, onUse: () => void): RandomStream {
  return new Proxy(stream, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => {
        onUse();
        const result = value.apply(target, parameters);
        return key === 'fork' ? countingStream(result, onUse) : result;
      };
    },
  });
}
