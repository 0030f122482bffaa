import type { RawPicture } from '@eim/contracts';
import { decodePicture } from '@eim/images/node';
import { ApiError, apiErrorOf, fieldError } from '../http/api-error.js';
import type { CompleteServerLimits } from '../server-limits.js';
import type { PictureField } from './read-messages.js';

/** Pictures are decoded one after the other, so that few of them are large in memory at once. */
let decoding: Promise<unknown> = Promise.resolve();

/**
 * Decodes the picture of a data: URL, turned upright. Nothing is fetched.
 * @throws ApiError 400 for another address, for what is no picture, and for one that is too large; 413 for too many bytes
 */
export function readPictureField(
  { url, param }: PictureField,
  limits: Pick<CompleteServerLimits, 'pictureBytes' | 'picturePixels'>,
): Promise<RawPicture> {
  const bytes = bytesOf(url, param, limits.pictureBytes);
  const decoded = decoding.then(async () => {
    try {
      const options = { applyOrientation: true, maxPixels: limits.picturePixels };
      return await decodePicture(bytes, param, options);
    } catch (error) {
      throw apiErrorOf(error, param);
    }
  });
  decoding = decoded.catch(() => {});
  return decoded;
}

function bytesOf(url: string, param: string, most: number): Uint8Array {
  const comma = url.indexOf(',');
  const head = url.slice(0, comma);
  if (!/^data:/i.test(url) || comma < 0) {
    throw fieldError(
      param,
      `\`${param}\` must be a data: URL, such as data:image/png;base64,...; this server fetches nothing.`,
      'unsupported_value',
    );
  }
  if (!/;base64$/i.test(head)) {
    throw fieldError(param, `\`${param}\` must be in base64.`, 'unsupported_value');
  }
  const text = url.slice(comma + 1);
  if ((text.length * 3) / 4 > most + 2) {
    throw new ApiError({
      status: 413,
      param,
      message: `The picture \`${param}\` has more than ${most} bytes.`,
      code: 'picture_too_large',
    });
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw fieldError(param, `\`${param}\` is not base64.`, 'invalid_value');
  return Buffer.from(text, 'base64');
}
