import type { PictureFormat } from './picture-format.js';

/** IANA's names of the formats. */
export const MEDIA_TYPES: Readonly<Record<PictureFormat, string>> = {
  JPEG: 'image/jpeg',
  PNG: 'image/png',
  WebP: 'image/webp',
  GIF: 'image/gif',
  BMP: 'image/bmp',
};
