import type { EncodedImages } from '@eim/contracts/model';
import { CHUNK_SIZE, type ShownPicture } from './encode-chunk.js';
import type { FeatureEntry } from './feature-entry.js';
import { FeatureLayout } from './feature-layout.js';
import type { FeatureSource } from './feature-source.js';

export interface ComputedFeaturesOptions {
  readonly viewCount: number;
  /** A picture of the split, in one of its views. */
  readonly show: (picture: number, view: number) => ShownPicture;
  /** Runs one chunk of pictures through what is frozen. */
  readonly encode: (chunk: readonly ShownPicture[]) => Promise<FeatureEntry>;
}

/**
 * Features computed anew whenever they are asked for, and not kept: in chunks like those of the cache, so that
 * they are the same numbers.
 */
export class ComputedFeatures implements FeatureSource {
  readonly #options: ComputedFeaturesOptions;
  #layout: FeatureLayout | undefined;

  constructor(options: ComputedFeaturesOptions) {
    this.#options = options;
  }

  get viewCount(): number {
    return this.#options.viewCount;
  }

  async gather(
    pictures: readonly number[],
    slots = pictures.length,
    views?: readonly number[],
  ): Promise<EncodedImages> {
    const { show, encode } = this.#options;
    const shown = pictures.map((picture, slot) => show(picture, views?.[slot] ?? 0));
    const records: Float32Array[] = [];
    for (let start = 0; start < shown.length; start += CHUNK_SIZE) {
      const chunk = shown.slice(start, start + CHUNK_SIZE);
      const { columns } = await encode(chunk);
      const layout = new FeatureLayout(columns);
      records.push(...chunk.map((_, picture) => layout.record(columns, picture)));
      this.#layout = layout;
    }
    // A batch without pictures has empty places of the same shapes as any other.
    this.#layout ??= new FeatureLayout((await encode([show(0, 0)])).columns);
    return this.#layout.features(records, slots);
  }
}
