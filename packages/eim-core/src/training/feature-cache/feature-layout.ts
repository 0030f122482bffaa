import type { EncodedImages, FeatureName, Tensor, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { tensor } from '@tensorflow/tfjs-core';

/** Which of an encoder's outputs: `pooled`, `tokens`, or `hidden.<block>`; or `slots`, the prefix that the ST makes of them. */
export type CachedFeature = FeatureName | `hidden.${number}` | 'slots';

/** Where an ST's prefix `[P, K, hiddenSize]` goes among the hidden states of a batch's features: blocks begin at 1. */
export const SLOTS_BLOCK = 0;

/** One output of what is frozen for some pictures, row by row. */
export interface FeatureColumn {
  /** The shape for one picture: `[pooledSize]`, `[tokenCount, tokenSize]` or `[prefixLength, hiddenSize]`. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type FeatureColumns = ReadonlyMap<CachedFeature, FeatureColumn>;

interface ColumnPlace {
  readonly name: CachedFeature;
  readonly shape: readonly number[];
  /** Where it begins in a picture's record, in floats. */
  readonly start: number;
  readonly width: number;
}

/** The block of a feature `hidden.<block>`. */
export const blockOf = (name: CachedFeature): number => Number(name.slice('hidden.'.length));

/** How the features of one picture lie in a record of floats. */
export class FeatureLayout {
  readonly #places: readonly ColumnPlace[];
  /** Floats of a record. */
  readonly width: number;

  constructor(columns: FeatureColumns) {
    let start = 0;
    this.#places = [...columns].map(([name, { shape }]) => {
      const width = shape.reduce((product, size) => product * size, 1);
      const place = { name, shape, start, width };
      start += width;
      return place;
    });
    this.width = start;
  }

  /** The record of one of the pictures that columns hold. */
  record(columns: FeatureColumns, picture: number): Float32Array {
    const record = new Float32Array(this.width);
    for (const { name, start, width } of this.#places) {
      record.set(columns.get(name)!.data.subarray(picture * width, (picture + 1) * width), start);
    }
    return record;
  }

  /**
   * Features as tensors that the caller disposes of.
   * @param records of the pictures in the first rows
   * @param slots rows of the tensors; those beyond the records are zeros
   */
  features(records: readonly Float32Array[], slots: number): EncodedImages {
    const tensors = this.#places.map(({ shape, start, width }): Tensor => {
      const rows = new Float32Array(slots * width);
      for (const [slot, record] of records.entries()) {
        rows.set(record.subarray(start, start + width), slot * width);
      }
      return tensor(rows, [slots, ...shape]);
    });
    return namedFeatures(
      this.#places.map(({ name }) => name),
      tensors,
    );
  }
}

/** Tensors by the names of what they are. */
export function namedFeatures(names: readonly CachedFeature[], tensors: readonly Tensor[]): EncodedImages {
  let features: EncodedImages = {};
  const hidden = new Map<number, Tensor3D>();
  for (const [index, name] of names.entries()) {
    if (name === 'pooled')
      features = { ...features, pooled: tensors[index] as Tensor2D }; // [P, D]
    else if (name === 'tokens')
      features = { ...features, tokens: tensors[index] as Tensor3D }; // [P, N, D]
    else hidden.set(name === 'slots' ? SLOTS_BLOCK : blockOf(name), tensors[index] as Tensor3D); // [P, N, D]
  }
  return hidden.size > 0 ? { ...features, hidden } : features;
}
