import type { EncodedImages, ModelParts, Objective, Parameter } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import { PART_NAMES } from '../../compose/composed-model.js';
import { selectParameters } from '../../compose/select-parameters.js';
import type { Segment } from '../../plan/segment-schema.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import { namedFeatures } from '../feature-cache/feature-layout.js';
import { type PicturePrefix, picturePrefix, prefixWeights } from '../feature-cache/picture-prefix.js';
import { runPrefix } from '../feature-cache/run-prefix.js';
import { pictureSlots, shapePixels } from './shape-batch.js';
import type { SplitShape } from './split-shape.js';

/** Which views of which splits the segments so far have put into the cache. */
export class ForetoldCache {
  readonly #held = new Map<string, readonly Parameter[]>();

  /** @returns how many of a split's views are not there yet; now they are */
  add(model: ModelParts, prefix: PicturePrefix, { split, augment, cachedViews }: Segment['data']): number {
    const parameters = prefixWeights(model, prefix).parameters.map(([, parameter]) => parameter);
    let added = 0;
    for (let view = 0; view < (cachedViews ?? 1); view += 1) {
      const key = JSON.stringify([split, prefix, cachedViews === undefined ? undefined : [augment, view]]);
      if (!this.#held.has(key)) added += 1;
      this.#held.set(key, parameters);
    }
    return added;
  }

  /** Forgets what a segment has made stale. */
  learnt(model: ModelParts, { learn }: Segment): void {
    const learning = new Set(
      PART_NAMES.flatMap((part) => selectParameters(model[part], learn[part]?.select ?? 'frozen', part)),
    );
    for (const [key, parameters] of this.#held) {
      if (parameters.some((parameter) => learning.has(parameter))) this.#held.delete(key);
    }
  }
}

export interface PictureCostOptions {
  readonly model: ModelParts;
  readonly segment: Segment;
  readonly objective: Objective;
  readonly split: SplitShape;
  /** Batches of all steps. */
  readonly batches: number;
  /** Chunks of pictures that are encoded once more beside those of the batches, where nothing is kept. */
  readonly chunksBeside: number;
  /** Absent: nothing is kept, and every batch is encoded anew. */
  readonly cache: ForetoldCache | undefined;
}

/** In what form a segment's steps get their pictures, and what it costs to make that form. */
export interface PictureCost {
  readonly form: 'pixels' | EncodedImages | undefined;
  /** Pictures run through what is frozen, outside of the steps. */
  readonly encodedPictures: number;
  readonly encoding: number;
}

/** Foretells what is computed for a segment's pictures outside of its steps. */
export function pictureCost(
  pass: ShapesPass,
  { model, segment, objective, split, batches, chunksBeside, cache }: PictureCostOptions,
): PictureCost {
  const prefix = picturePrefix(model, objective, segment, pass);
  if (!objective.uses.encoder || split.pictureCount === 0) {
    return { form: undefined, encodedPictures: 0, encoding: 0 };
  }
  if (!prefix) return { form: 'pixels', encodedPictures: 0, encoding: 0 };
  const run = (count: number) => runPrefix(model, shapePixels(model.encoder, count), prefix);
  const slots = pictureSlots(split, segment.batchSize);
  const form = pass.run(() => namedFeatures(prefix.names, run(slots)));
  const encodedPictures = cache
    ? split.pictureCount * cache.add(model, prefix, segment.data)
    : (batches * Math.ceil(slots / CHUNK_SIZE) + chunksBeside) * CHUNK_SIZE;
  if (encodedPictures === 0) return { form, encodedPictures, encoding: 0 };
  const ofChunk = pass.measure(() => run(CHUNK_SIZE)).multiplyAdds;
  return { form, encodedPictures, encoding: encodedPictures * (ofChunk / CHUNK_SIZE) };
}
