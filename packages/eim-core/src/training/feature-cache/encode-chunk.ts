import type { Picture } from '@eim/contracts';
import type { ModelParts, Tensor4D } from '@eim/contracts/model';
import { multiplyAddsSoFar } from '@eim/engine';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { gatherPixels } from '../data/gather-pixels.js';
import type { PixelStore } from '../data/pixel-store.js';
import type { FeatureEntry } from './feature-entry.js';
import type { CachedFeature, FeatureColumn } from './feature-layout.js';
import type { PicturePrefix } from './picture-prefix.js';
import { type PictureView, viewDraws } from './picture-view.js';
import { runPrefix } from './run-prefix.js';

/** Pictures in one run of the encoder. Fixed, so that a picture's features never depend on the segment. */
export const CHUNK_SIZE = 32;

/** One picture, as it is or in one of its augmented views. */
export interface ShownPicture {
  readonly picture: Picture;
  readonly view?: PictureView | undefined;
}

/**
 * Runs a frozen prefix over up to {@link CHUNK_SIZE} pictures; a short chunk is filled up, so that shapes never change.
 * @param keepPixels whether the pictures will be asked for again. @default false
 * @returns features of the pictures, and the cost of the whole chunk
 */
export async function encodeChunk(
  parts: ModelParts,
  store: PixelStore,
  shown: readonly ShownPicture[],
  prefix: PicturePrefix,
  { keepPixels = false }: { readonly keepPixels?: boolean } = {},
): Promise<FeatureEntry> {
  const filled = Array.from({ length: CHUNK_SIZE }, (_, index) => shown[index % shown.length]!);
  const { data, side } = await gatherPixels(
    store,
    filled.map(({ picture }) => picture),
    {
      keep: keepPixels,
      augmentation: (place) => {
        const { picture, view } = filled[place]!;
        return view && { augment: view.augment, random: viewDraws(view, picture) };
      },
    },
  );
  const before = multiplyAddsSoFar();
  const outputs = tidy(() => {
    const pixels = tensor4d(data, [CHUNK_SIZE, side, side, 3]) as Tensor4D; // [C, H, W, 3]
    return runPrefix(parts, pixels, prefix);
  });
  const multiplyAdds = multiplyAddsSoFar() - before;
  const columns = new Map<CachedFeature, FeatureColumn>();
  for (const [index, name] of prefix.names.entries()) {
    const output = outputs[index]!;
    const shape = output.shape.slice(1);
    const width = shape.reduce((product, size) => product * size, 1);
    const values = (await output.data()) as Float32Array;
    columns.set(name, { shape, data: values.slice(0, shown.length * width) });
  }
  for (const output of outputs) output.dispose();
  return { columns, multiplyAdds };
}
