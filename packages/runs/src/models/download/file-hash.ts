import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Strongest first, as an index may give several. `git-blob` is SHA-1 over git's header and the contents. */
export const HASH_ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5', 'git-blob'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** A hash that a file has to have. */
export interface ExpectedHash {
  readonly algorithm: HashAlgorithm;
  /** In hexadecimal. */
  readonly value: string;
}

export interface FileHashes {
  readonly bytes: number;
  readonly sha256: string;
  /** By the algorithm that was asked for. */
  readonly asked: string;
}

/** Size and hashes of a file as it lies on disk: SHA-256, and the one by which it is known. */
export async function hashFile(
  path: string,
  algorithm: HashAlgorithm = 'sha256',
  signal?: AbortSignal,
): Promise<FileHashes> {
  const { size: bytes } = await stat(path);
  const always = createHash('sha256');
  const asked =
    algorithm === 'sha256' ? undefined : createHash(algorithm === 'git-blob' ? 'sha1' : algorithm);
  if (algorithm === 'git-blob') asked!.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    always.update(chunk as Uint8Array);
    asked?.update(chunk as Uint8Array);
  }
  const sha256 = always.digest('hex');
  return { bytes, sha256, asked: asked?.digest('hex') ?? sha256 };
}
