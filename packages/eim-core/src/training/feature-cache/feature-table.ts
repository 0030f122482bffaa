import type { EncodedImages, FeatureName, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { RecordStore, type RecordStoreOptions } from '../data/record-store.js';

/** Which of an encoder's outputs: `pooled`, `tokens`, or `hidden.<block>`. */
export type CachedFeature = FeatureName | `hidden.${number}`;

/** One output of the encoder for some pictures, row by row. */
export interface FeatureColumn {
  /** The shape for one picture: `[pooledSize]` or `[tokenCount, tokenSize]`. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface ColumnPlace {
  readonly name: CachedFeature;
  readonly shape: readonly number[];
  /** Where it begins in a picture's record, in floats. */
  readonly start: number;
  readonly width: number;
}

/** Encoder outputs of a split's pictures: one record a picture, in bounded memory and then on disk. */
export class FeatureTable {
  readonly #places: readonly ColumnPlace[];
  readonly #width: number;
  readonly #records: RecordStore;
  #count = 0;

  /** @param shapes of one picture's outputs by name */
  constructor(
    shapes: ReadonlyMap<CachedFeature, readonly number[]>,
    storage: Omit<RecordStoreOptions, 'recordBytes'>,
  ) {
    let start = 0;
    this.#places = [...shapes].map(([name, shape]) => {
      const width = shape.reduce((product, size) => product * size, 1);
      const place = { name, shape, start, width };
      start += width;
      return place;
    });
    this.#width = start;
    this.#records = new RecordStore({ ...storage, recordBytes: start * 4 });
  }

  /** Pictures held. */
  get count(): number {
    return this.#count;
  }

  /** Adds pictures behind those that are held. */
  async append(columns: ReadonlyMap<CachedFeature, FeatureColumn>, pictures: number): Promise<void> {
    const record = new Float32Array(this.#width);
    for (let picture = 0; picture < pictures; picture += 1) {
      for (const { name, start, width } of this.#places) {
        record.set(columns.get(name)!.data.subarray(picture * width, (picture + 1) * width), start);
      }
      await this.#records.put(this.#count, new Uint8Array(record.buffer));
      this.#count += 1;
    }
  }

  /**
   * Features of some pictures as tensors that the caller disposes of.
   * @param slots rows of the tensors; those beyond the pictures are zeros
   */
  async gather(pictures: readonly number[], slots = pictures.length): Promise<EncodedImages> {
    const rows = this.#places.map(({ width }) => new Float32Array(slots * width));
    for (const [slot, picture] of pictures.entries()) {
      const bytes = await this.#records.get(picture);
      const record = new Float32Array(bytes.buffer, bytes.byteOffset, this.#width);
      for (const [index, { start, width }] of this.#places.entries()) {
        rows[index]!.set(record.subarray(start, start + width), slot * width);
      }
    }
    let features: EncodedImages = {};
    const hidden = new Map<number, Tensor3D>();
    for (const [index, { name, shape }] of this.#places.entries()) {
      if (name === 'pooled') {
        features = { ...features, pooled: tensor2d(rows[index]!, [slots, shape[0]!]) as Tensor2D }; // [P, D]
        continue;
      }
      const [length, width] = shape as [number, number];
      const tokens = tensor3d(rows[index]!, [slots, length, width]) as Tensor3D; // [P, N, D]
      if (name === 'tokens') features = { ...features, tokens };
      else hidden.set(Number(name.slice('hidden.'.length)), tokens);
    }
    return hidden.size > 0 ? { ...features, hidden } : features;
  }

  close(): Promise<void> {
    return this.#records.close();
  }
}
