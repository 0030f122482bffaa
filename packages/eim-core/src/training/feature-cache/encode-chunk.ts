import type { Picture } from '@eim/contracts';
import type { ModelParts, Tensor, Tensor4D } from '@eim/contracts/model';
import { multiplyAddsSoFar } from '@eim/engine';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { encodePictures } from '../../compose/encode-pictures.js';
import { gatherPixels } from '../data/gather-pixels.js';
import type { PixelStore } from '../data/pixel-store.js';
import type { FeatureEntry } from './feature-entry.js';
import type { CachedFeature, FeatureColumn } from './feature-table.js';

/** Runs the encoder over up to `chunkSize` pictures; a short chunk is filled up, so that shapes never change. */
export async function encodeChunk(
  parts: ModelParts,
  store: PixelStore,
  pictures: readonly Picture[],
  names: readonly CachedFeature[],
  chunkSize: number,
): Promise<FeatureEntry> {
  const filled = Array.from({ length: chunkSize }, (_, index) => pictures[index % pictures.length]!);
  const { data, side } = await gatherPixels(store, filled, { keep: false });
  const before = multiplyAddsSoFar();
  const outputs = tidy(() => {
    const pixels = tensor4d(data, [chunkSize, side, side, 3]) as Tensor4D; // [C, H, W, 3]
    const { pooled, tokens, hidden } = encodePictures(parts, { pixels });
    return names.map((name): Tensor => {
      if (name === 'pooled') return pooled!;
      return name === 'tokens' ? tokens! : hidden!.get(Number(name.slice('hidden.'.length)))!;
    });
  });
  const multiplyAdds = (multiplyAddsSoFar() - before) * (pictures.length / chunkSize);
  const columns = new Map<CachedFeature, FeatureColumn>();
  for (const [index, name] of names.entries()) {
    const output = outputs[index]!;
    const shape = output.shape.slice(1);
    const width = shape.reduce((product, size) => product * size, 1);
    const values = (await output.data()) as Float32Array;
    columns.set(name, { shape, data: values.slice(0, pictures.length * width) });
  }
  for (const output of outputs) output.dispose();
  return { columns, multiplyAdds };
}
