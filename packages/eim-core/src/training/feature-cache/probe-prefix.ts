import type { Picture } from '@eim/contracts';
import type { ModelParts, Tensor4D } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { hashJson, sha256 } from '../checkpoints/fingerprint.js';
import { gatherPixels } from '../data/gather-pixels.js';
import type { PixelStore } from '../data/pixel-store.js';
import type { PicturePrefix } from './picture-prefix.js';
import { runPrefix } from './run-prefix.js';

/** Hash of what a prefix makes, from preprocessing on, of one fixed picture. */
export async function probePrefix(
  parts: ModelParts,
  store: PixelStore,
  prefix: PicturePrefix,
): Promise<string> {
  const { data, side } = await gatherPixels(store, [fixedPicture(store.imageSize)], { keep: false });
  const outputs = tidy(() => runPrefix(parts, tensor4d(data, [1, side, side, 3]) as Tensor4D, prefix));
  const hashes: string[] = [];
  for (const output of outputs) {
    const { buffer, byteOffset, byteLength } = await output.data();
    hashes.push(`[${output.shape}] ${await sha256(new Uint8Array(buffer, byteOffset, byteLength))}`);
    output.dispose();
  }
  return hashJson(hashes);
}

/** Noise of the size that the encoder takes, so that no resizing hides any of it. */
function fixedPicture(size: number): Picture {
  const random = createRandomStream('probe of a frozen prefix');
  const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
  return {
    fingerprint: 'probe',
    source: 'a fixed picture of noise',
    load: async () => ({ width: size, height: size, data }),
  };
}
