import { EimError } from '@eim/contracts';
import type Sharp from 'sharp';

/**
 * The decoder, which users install themselves: it brings a binary of its own for each platform.
 * @throws EimError `missing-package` where it is absent or its binary does not load
 */
export async function loadSharp(): Promise<typeof Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    throw new EimError({
      code: 'missing-package',
      message: absent
        ? 'JPEG, PNG, WebP and GIF are decoded by the package sharp, which is not installed.'
        : `JPEG, PNG, WebP and GIF are decoded by the package sharp, which does not load (${String(cause).split('\n')[0]}).`,
      advice: "Run 'npm install sharp'.",
      data: { package: 'sharp' },
      cause,
    });
  }
}
