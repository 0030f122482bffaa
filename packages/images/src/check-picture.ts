import type { RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/** @throws EimError `invalid-argument` where size and bytes of a picture do not agree */
export function checkPicture({ width, height, data }: RawPicture): void {
  const sound = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
  if (sound && data.length === width * height * 3) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `A picture of ${width} x ${height} has ${data.length} bytes.`,
    advice: 'It needs at least one pixel, and 3 bytes (red, green, blue) for each.',
    data: { width, height, bytes: data.length },
  });
}
