const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'];

/** What a file dialog offers. */
export const PICTURE_TYPES = TYPES.join(',');

/** The first picture among files that were dropped, pasted or chosen. */
export function pictureIn(files: Iterable<File>): File | undefined {
  return [...files].find(({ type }) => TYPES.includes(type));
}
