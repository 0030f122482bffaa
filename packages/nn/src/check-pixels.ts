import { EimError } from '@eim/contracts';
import type { ImageEncoder, Tensor4D } from '@eim/contracts/model';

/**
 * Checks the pixels that an encoder was given.
 * @param subject what was given them, for the message: `The CLIP encoder`
 * @throws EimError `width-mismatch` where they are not `[B, imageSize, imageSize, 3]`
 */
export function checkPixels(
  subject: string,
  { preprocessing: { imageSize } }: Pick<ImageEncoder, 'preprocessing'>,
  pixels: Tensor4D,
): void {
  const [, height, width, channels] = pixels.shape;
  if (height === imageSize && width === imageSize && channels === 3) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${subject} was given pixels of shape [${pixels.shape}]; it takes [B,${imageSize},${imageSize},3].`,
    advice: 'Preprocess pictures by the encoder’s own `preprocessing`.',
    data: { shape: pixels.shape, imageSize },
  });
}
