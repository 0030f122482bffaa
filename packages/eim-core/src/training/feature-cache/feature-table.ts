import type { EncodedImages } from '@eim/contracts/model';
import { RecordStore, type RecordStoreOptions } from '../data/record-store.js';
import type { FeatureColumns, FeatureLayout } from './feature-layout.js';
import type { FeatureSource } from './feature-source.js';

/** Encoder outputs of a split's pictures: one record a picture, in bounded memory and then on disk. */
export class FeatureTable implements FeatureSource {
  readonly viewCount = 1;
  readonly layout: FeatureLayout;
  readonly #records: RecordStore;
  #count = 0;

  constructor(layout: FeatureLayout, storage: Omit<RecordStoreOptions, 'recordBytes'>) {
    this.layout = layout;
    this.#records = new RecordStore({ ...storage, recordBytes: layout.width * 4 });
  }

  /** Pictures held. */
  get count(): number {
    return this.#count;
  }

  /** Adds pictures behind those that are held. */
  async append(columns: FeatureColumns, pictures: number): Promise<void> {
    for (let picture = 0; picture < pictures; picture += 1) {
      const record = this.layout.record(columns, picture);
      await this.#records.put(this.#count, new Uint8Array(record.buffer));
      this.#count += 1;
    }
  }

  /** The record of one picture. Not to be changed. */
  async record(picture: number): Promise<Float32Array> {
    const { buffer, byteOffset } = await this.#records.get(picture);
    return new Float32Array(buffer, byteOffset, this.layout.width);
  }

  gather(pictures: readonly number[], slots = pictures.length): Promise<EncodedImages> {
    return gatherViews([this], pictures, slots);
  }

  close(): Promise<void> {
    return this.#records.close();
  }
}

/** The views of a split's pictures, one table each. */
export function featureViews(tables: readonly FeatureTable[]): FeatureSource {
  return {
    viewCount: tables.length,
    gather: (pictures, slots = pictures.length, views) => gatherViews(tables, pictures, slots, views),
  };
}

async function gatherViews(
  tables: readonly FeatureTable[],
  pictures: readonly number[],
  slots: number,
  views?: readonly number[],
): Promise<EncodedImages> {
  const records: Float32Array[] = [];
  for (const [slot, picture] of pictures.entries()) {
    records.push(await tables[views?.[slot] ?? 0]!.record(picture));
  }
  return tables[0]!.layout.features(records, slots);
}
