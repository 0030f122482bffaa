import { MEDIA_TYPES } from './formats/media-types.js';
import { pictureFault } from './formats/picture-fault.js';
import { pictureFormat } from './formats/picture-format.js';
import { withoutOrientation } from './formats/without-orientation.js';

/**
 * A picture's file as a data: URL (RFC 2397) in base64, without its EXIF record: whoever decodes it sees the pixels as they are stored, as
 * Pillow's `Image.open` does.
 * @param source names the picture in errors
 * @throws EimError `invalid-file` where it is none of the formats that `decodePicture` reads
 * @example
 * const url = pictureDataUrl(await readFile('cat.jpg'), 'cat.jpg'); // data:image/jpeg;base64,...
 */
export function pictureDataUrl(bytes: Uint8Array, source: string): string {
  const format = pictureFormat(bytes);
  if (!format) throw pictureFault(source, 'it is none of JPEG, PNG, WebP, GIF and BMP');
  return `data:${MEDIA_TYPES[format]};base64,${base64(withoutOrientation(bytes, format))}`;
}

/** In pieces of whole groups of three bytes: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3 * 8192) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 3 * 8192))));
  }
  return pieces.join('');
}
