import type { EncodedImages, ModelParts, Tensor2D, Tensor3D, Tensor4D } from '@eim/contracts/model';
import { disposeFeatures, encodeAndKeep, picturePixels } from '@eim/core';
import * as tf from '@tensorflow/tfjs-core';
import type { CaptionedRow } from '../../evaluation/captioned-rows.js';

/** Pictures that are encoded at once. */
const BATCH = 16;

export interface EncoderFeaturesOptions {
  readonly signal: AbortSignal;
  readonly onPicture: () => void;
}

/**
 * What the ST reads of each picture, as one vector: the pooled vector, and the mean over the tokens of every grid that it reads.
 * @returns `[N, D]`
 */
export async function encoderFeatures(
  parts: ModelParts,
  rows: readonly CaptionedRow[],
  { signal, onPicture }: EncoderFeaturesOptions,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < rows.length; start += BATCH) {
    signal.throwIfAborted();
    const pictures = await Promise.all(
      rows.slice(start, start + BATCH).map(async ({ picture }) => {
        const loaded = await picture.load();
        onPicture();
        return loaded;
      }),
    );
    const pixels = picturePixels(pictures, parts.encoder.preprocessing); // [B, H, W, 3]
    try {
      vectors.push(...(await vectorsOf(parts, pixels)));
    } finally {
      pixels.dispose();
    }
  }
  return vectors;
}

/** @returns `[B, D]` by picture */
async function vectorsOf(parts: ModelParts, pixels: Tensor4D): Promise<Float32Array[]> {
  const features = encodeAndKeep(parts, { pixels });
  try {
    const joined = tf.tidy(() => tf.concat(readVectors(parts, features), 1)); // [B, D]
    const [count, size] = joined.shape as [number, number];
    const values = (await joined.data()) as Float32Array; // [B*D]
    joined.dispose();
    return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size));
  } finally {
    disposeFeatures(features);
  }
}

/** @returns each `[B, D]` */
function readVectors({ st }: ModelParts, { pooled, tokens, hidden }: EncodedImages): Tensor2D[] {
  const mean = (grid: Tensor3D) => tf.mean(grid, 1) as Tensor2D; // [B, D]
  return [
    ...(pooled && st.reads.includes('pooled') ? [pooled] : []),
    ...(tokens && st.reads.includes('tokens') ? [mean(tokens)] : []),
    ...[...(hidden?.values() ?? [])].map(mean),
  ];
}
