import { EimError } from '@eim/contracts';

/** The error for a picture that cannot be decoded. The reason is a clause. */
export function pictureFault(source: string, reason: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `The picture ${source} cannot be decoded: ${reason}.`,
    advice: 'Replace it by a sound JPEG, PNG, WebP, GIF or BMP, or leave it out.',
    data: { file: source },
    cause,
  });
}
