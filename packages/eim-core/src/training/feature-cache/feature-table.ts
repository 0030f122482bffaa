import { EimError } from '@eim/contracts';
import type { EncodedImages, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';

/** Which of an encoder's outputs: `pooled`, `tokens`, or `hidden.<block>`. */
export type FeatureName = 'pooled' | 'tokens' | `hidden.${number}`;

/** One output of the encoder for every picture of a split, row by row. */
export interface FeatureColumn {
  /** Of one picture: `[pooledSize]` or `[tokenCount, tokenSize]`. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Encoder outputs of a split, in memory. */
export class FeatureTable {
  readonly columns: ReadonlyMap<FeatureName, FeatureColumn>;

  readonly #held: number;

  /** @param held pictures in the columns; those beyond show the ones that are held in their place */
  constructor(columns: ReadonlyMap<FeatureName, FeatureColumn>, held: number) {
    this.columns = columns;
    this.#held = held;
  }

  /**
   * Features of some pictures as tensors that the caller disposes of. An output that was not cached throws
   * when it is read.
   */
  gather(pictures: readonly number[]): EncodedImages {
    const places = pictures.map((picture) => picture % this.#held);
    const hidden = new Map<number, Tensor3D>();
    const features: Partial<{ pooled: Tensor2D; tokens: Tensor3D }> & { hidden: typeof hidden } = { hidden };
    for (const [name, column] of this.columns) {
      const rows = gatherRows(column, places);
      if (name === 'pooled')
        features.pooled = tensor2d(rows, [pictures.length, column.shape[0]!]) as Tensor2D;
      else {
        const [length, width] = column.shape as [number, number];
        const tokens = tensor3d(rows, [pictures.length, length, width]) as Tensor3D; // [P, N, tokenSize]
        if (name === 'tokens') features.tokens = tokens;
        else hidden.set(Number(name.slice('hidden.'.length)), tokens);
      }
    }
    for (const name of ['pooled', 'tokens'] as const) {
      if (!features[name])
        Object.defineProperty(features, name, { get: () => refuse(name), configurable: true });
    }
    return features as EncodedImages;
  }
}

function gatherRows({ shape, data }: FeatureColumn, pictures: readonly number[]): Float32Array {
  const width = shape.reduce((product, size) => product * size, 1);
  const rows = new Float32Array(pictures.length * width);
  pictures.forEach((picture, index) => {
    rows.set(data.subarray(picture * width, (picture + 1) * width), index * width);
  });
  return rows;
}

function refuse(name: FeatureName): never {
  throw new EimError({
    code: 'invariant-violated',
    message: `The encoder output '${name}' was read in a step but not in the trial step that decided what to cache.`,
    advice: 'Read the same outputs of the encoder in every call of transform and loss.',
    data: { output: name },
  });
}
