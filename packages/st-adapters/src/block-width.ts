import type { ImageEncoderShape } from '@eim/contracts/model';

/** Width of an encoder's output after a block. */
export const blockWidth = (encoder: ImageEncoderShape, block: number): number =>
  encoder.hiddenShape?.(block)[1] ?? encoder.tokenSize;
