import type { CaptionedRow } from '../../evaluation/captioned-rows.js';
import { stretchedPixels } from './stretched-pixels.js';

/** Side at which pictures are compared pixel by pixel. */
const COMPARED_SIDE = 32;

/** For each picture, the first sentence of the training picture with the smallest squared distance. */
export async function nearestCaptions(
  train: readonly CaptionedRow[],
  pictures: readonly CaptionedRow[],
): Promise<string[]> {
  const known: Uint8Array[] = [];
  for (const picture of train) known.push(await smallPixels(picture));
  const captions: string[] = [];
  for (const picture of pictures) {
    const pixels = await smallPixels(picture);
    let nearest = { index: 0, distance: Number.POSITIVE_INFINITY };
    for (const [index, other] of known.entries()) {
      const distance = squaredDistance(pixels, other, nearest.distance);
      if (distance < nearest.distance) nearest = { index, distance };
    }
    captions.push(train[nearest.index]!.answers[0]!);
  }
  return captions;
}

async function smallPixels({ picture }: CaptionedRow): Promise<Uint8Array> {
  return stretchedPixels(await picture.load(), COMPARED_SIDE);
}

/** The squared distance, or some number above `limit` as soon as it exceeds that. */
function squaredDistance(left: Uint8Array, right: Uint8Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < left.length; ) {
    for (const end = i + 192; i < end; i++) sum += (left[i]! - right[i]!) ** 2;
    if (sum > limit) return sum;
  }
  return sum;
}
