import { readFile } from 'node:fs/promises';
import type { RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { DecodeOptions } from './decode-picture.js';
import { decodePicture } from './decode-picture.js';

/** Reads and decodes a picture file. @throws EimError `missing-file` or `invalid-file` naming the path */
export async function readPicture(path: string, options?: DecodeOptions): Promise<RawPicture> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw new EimError({
      code: missing ? 'missing-file' : 'invalid-file',
      message: missing
        ? `The picture ${path} does not exist.`
        : `The picture ${path} cannot be read (${cause.code}).`,
      data: { file: path },
      cause,
    });
  });
  return decodePicture(bytes, path, options);
}
