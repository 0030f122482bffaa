import { resolve } from 'node:path';
import { picturePixels } from '@eim/core';
import { readPicture } from '@eim/images/node';
import { tidied } from '@eim/nn';
import { writeSafetensorsFile } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import type { ModelSpec } from './load-published.js';
import { loadPublishedEncoder } from './load-published.js';

export interface WriteFeaturesOptions extends RunsContext {
  readonly encoder: ModelSpec;
  /** The safetensors file to write. */
  readonly out: string;
  /** Whether to ignore EXIF orientation. @default false */
  readonly asStored?: boolean | undefined;
}

/** Pictures that are encoded at once. */
const BATCH = 8;

/** The shapes of the tensors that were written, by name. */
export interface WrittenTensors {
  readonly out: string;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}

/**
 * Encodes pictures with a published image encoder and writes `pixels` `[B, H, W, 3]`, `pooled` `[B, D]` and `tokens` `[B, N, D]`.
 * @throws EimError naming the picture or the weights
 *
 * @example
 * const encoder = { path: '/models/clip-vit-base-patch32' };
 * await writeFeatures(['cat.jpg'], { packages, encoder, out: 'features.safetensors' });
 */
export async function writeFeatures(
  files: readonly string[],
  options: WriteFeaturesOptions,
): Promise<WrittenTensors> {
  const context = completeContext(options);
  const { asStored = false, out } = options;
  const pictures = await Promise.all(
    files.map((file) => readPicture(resolve(context.workingFolder, file), { applyOrientation: !asStored })),
  );
  const engine = await startChosenEngine(context);
  const encoder = await loadPublishedEncoder(options.encoder, { engine, context });
  try {
    const { preprocessing, pooledSize, tokenCount, tokenSize } = encoder;
    const side = preprocessing.imageSize;
    const count = pictures.length;
    const pixels = new Float32Array(count * side * side * 3);
    const pooled = new Float32Array(count * pooledSize);
    const tokens = new Float32Array(count * tokenCount * tokenSize);
    for (let start = 0; start < count; start += BATCH) {
      context.signal.throwIfAborted();
      const batch = pictures.slice(start, start + BATCH);
      const shown = picturePixels(batch, preprocessing); // [B, H, W, 3]
      const encoded = tidied(() => encoder.encode(shown));
      try {
        pixels.set(await shown.data(), start * side * side * 3);
        pooled.set(await encoded.pooled.data(), start * pooledSize);
        tokens.set(await encoded.tokens.data(), start * tokenCount * tokenSize);
      } finally {
        shown.dispose();
        encoded.pooled.dispose();
        encoded.tokens.dispose();
      }
      const done = start + batch.length;
      context.onProgress({ label: 'encoding', done, total: count, detail: `picture ${done}/${count}` });
    }
    const shapes = {
      pixels: [count, side, side, 3],
      pooled: [count, pooledSize],
      tokens: [count, tokenCount, tokenSize],
    };
    const data = { pixels, pooled, tokens };
    const path = resolve(context.workingFolder, out);
    await writeSafetensorsFile(
      path,
      (['pixels', 'pooled', 'tokens'] as const).map((tensor) => ({
        name: tensor,
        dtype: 'F32' as const,
        shape: shapes[tensor],
        data: data[tensor],
      })),
    );
    return { out: path, tensors: shapes };
  } finally {
    encoder.dispose();
  }
}
