export type PictureFormat = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP';

/** Tells a format by its first bytes; a file's name may lie. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP';
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'GIF';
  if (start.startsWith('BM')) return 'BMP';
  return undefined;
}
