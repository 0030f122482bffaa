import type { Picture } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { concatenate } from '../data/concatenate.js';
import type { PixelStore } from '../data/pixel-store.js';
import { CHUNK_SIZE, encodeChunk } from '../feature-cache/encode-chunk.js';
import type { FeatureEntry } from '../feature-cache/feature-entry.js';
import { featuresReadBy } from '../feature-cache/picture-prefix.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';

/**
 * What the ST reads of each picture, as one vector: the pooled vector, and the mean over the tokens of every grid that it reads.
 * @returns `[N, D]`
 */
export async function pictureVectors(
  parts: ModelParts,
  pixels: PixelStore,
  pictures: readonly Picture[],
): Promise<Float32Array[]> {
  const names = featuresReadBy(parts.st);
  const vectors: Float32Array[] = [];
  for (let start = 0; start < pictures.length; start += CHUNK_SIZE) {
    await yieldToEventLoop();
    const chunk = pictures.slice(start, start + CHUNK_SIZE).map((picture) => ({ picture }));
    const entry = await encodeChunk(parts, pixels, chunk, { names });
    for (const picture of chunk.keys()) vectors.push(vectorOf(entry, picture));
  }
  return vectors;
}

/** @returns `[D]` */
function vectorOf({ columns }: FeatureEntry, picture: number): Float32Array {
  const pieces = [...columns.values()].map(({ shape, data }) => {
    const width = shape.at(-1)!;
    const tokens = shape.length > 1 ? shape[0]! : 1;
    const mean = new Float32Array(width);
    for (let token = 0; token < tokens; token += 1) {
      const from = (picture * tokens + token) * width;
      for (let column = 0; column < width; column += 1) mean[column]! += data[from + column]! / tokens;
    }
    return mean;
  });
  return concatenate(pieces);
}
