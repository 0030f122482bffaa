import { EimError } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import { fill, tensor } from '@tensorflow/tfjs-core';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { inShapesPass } from '../shapes/shapes-pass.js';
import { drawn } from './draw-log.js';
import { hashSeed } from './hash-seed.js';

const TWO_TO_MINUS_53 = 2 ** -53;

/** A seeded stream; the same seed gives the same numbers on every machine. */
export function createRandomStream(seed: number | string): RandomStream {
  return streamOf(String(seed));
}

function streamOf(path: string): RandomStream {
  const [first, second, third, fourth] = hashSeed(path);
  let generator = xoroshiro128plusFromState([first, second, third, fourth]);

  const bits = (): number => generator.next() >>> 0;
  const uniform = (): number => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) * TWO_TO_MINUS_53;
  const integer = (bound: number): number => {
    if (!(Number.isSafeInteger(bound) && bound > 0)) {
      const message = `A random integer needs a bound that is a whole number above 0; it is ${bound}.`;
      throw new EimError({ code: 'invalid-argument', message });
    }
    return Math.floor(uniform() * bound);
  };

  return {
    uniform,
    integer,
    // Box and Muller 1958; the second of the pair is dropped so that the state is the generator's alone.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
    fork: (name) => streamOf(`${path}/${name}`),
    uniformTensor: (shape) =>
      drawn(() => {
        const seeds = [bits(), bits(), bits(), bits()] as const;
        return () => {
          if (inShapesPass()) return fill([...shape], 0);
          const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
          fillUniform(values, ...seeds);
          return tensor(values, [...shape], 'float32');
        };
      }),
    state: () => JSON.stringify(generator.getState()),
    restore: (state) => {
      generator = xoroshiro128plusFromState(readState(state));
    },
  };
}

function readState(state: string): number[] {
  let words: unknown;
  try {
    words = JSON.parse(state);
  } catch {
    words = undefined;
  }
  if (!Array.isArray(words) || words.length !== 4 || !words.every(Number.isInteger)) {
    const message = `A random stream cannot be restored from ${JSON.stringify(state).slice(0, 80)}.`;
    throw new EimError({ code: 'invalid-argument', message, advice: 'Give what its state() returned.' });
  }
  return words as number[];
}

const TWO_TO_MINUS_24 = 2 ** -24;

/**
 * Fills an array with draws from [0, 1), 24 bits each, by sfc32 (Doty-Humphrey, PractRand) from a seed of four
 * words: one inlined loop, since a call a value would cost more than the tensor's other arithmetic.
 */
export function fillUniform(values: Float32Array, a: number, b: number, c: number, counter: number): void {
  let [x, y, z, w] = [a | 0, b | 0, c | 0, counter | 0];
  // The first draws still show the seed.
  for (let index = -12; index < values.length; index++) {
    const sum = (((x + y) | 0) + w) | 0;
    w = (w + 1) | 0;
    x = y ^ (y >>> 9);
    y = (z + (z << 3)) | 0;
    z = (((z << 21) | (z >>> 11)) + sum) | 0;
    if (index >= 0) values[index] = (sum >>> 8) * TWO_TO_MINUS_24;
  }
}
