import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Picture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { DecodeOptions } from './decode-picture.js';
import { readPicture } from './read-picture.js';

/**
 * How a picture file is told from others: `content` by the SHA-1 of its bytes, which holds whatever happens to the
 * file; `stat` by name, size and time of change, for sets so large that reading them once takes too long.
 */
export type FingerprintKind = 'content' | 'stat';

export interface FilePictureOptions extends DecodeOptions {
  /** @default 'content' */
  readonly fingerprint?: FingerprintKind;
  /** What a fingerprint of kind `stat` calls the file, so that moving its folder changes nothing. @default the path */
  readonly name?: string;
}

/** Bytes read at a time while a file is hashed. */
const CHUNK = 65_536;
/** Chunks not in use: as many as files were ever hashed at once, so that a hundred thousand files need no more. */
const spare: Buffer[] = [];

/**
 * A picture in a file. Its bytes are read once for the fingerprint and not kept; it is decoded when it is loaded.
 * @throws EimError `missing-file`, or `invalid-file` where the file is empty or cannot be read; `data.fault` says
 * which in a few words
 * @example
 * const picture = await filePicture('images/cat.jpg');
 * console.log(picture.fingerprint, (await picture.load()).width);
 */
export async function filePicture(
  path: string,
  { fingerprint = 'content', name = path, applyOrientation = false }: FilePictureOptions = {},
): Promise<Picture> {
  const file = await open(path).catch((cause) => refuse(path, cause));
  try {
    const { size, mtimeMs } = await file.stat();
    if (size === 0) refuse(path);
    const own = fingerprint === 'stat' ? `stat:${name}:${size}:${mtimeMs}` : `sha1:${await sha1(file)}`;
    return {
      fingerprint: applyOrientation ? `${own}:oriented` : own,
      source: path,
      load: () => readPicture(path, { applyOrientation }),
    };
  } catch (cause) {
    if (EimError.isInstance(cause)) throw cause;
    return refuse(path, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

async function sha1(file: FileHandle): Promise<string> {
  const hash = createHash('sha1');
  const chunk = spare.pop() ?? Buffer.allocUnsafe(CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    spare.push(chunk);
  }
}

/** @param cause absent: the file is empty */
function refuse(path: string, cause?: NodeJS.ErrnoException): never {
  const missing = cause?.code === 'ENOENT' || cause?.code === 'ENOTDIR';
  const fault = missing ? 'does not exist' : cause ? `cannot be read (${cause.code})` : 'is empty';
  throw new EimError({
    code: missing ? 'missing-file' : 'invalid-file',
    message: `The picture ${path} ${fault}.`,
    data: { file: path, fault },
    cause,
  });
}
