import type { ImagePreprocessing, Row } from '@eim/contracts';
import { picturePixels } from '@eim/core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** The rows' pictures as the encoder wants them: `[P, H, W, 3]`. */
export async function loadPixels(rows: readonly Row[], preprocessing: ImagePreprocessing): Promise<Tensor4D> {
  return picturePixels(await Promise.all(rows.map(({ picture }) => picture!.load())), preprocessing);
}
