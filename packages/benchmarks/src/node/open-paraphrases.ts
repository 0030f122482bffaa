import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EimError } from '@eim/contracts';
import type { Paraphrases } from '../coco-caption/meteor/paraphrases.js';
import { readParaphrases } from '../coco-caption/meteor/read-paraphrases.js';
import { readParaphraseFile, writeParaphraseFile } from './paraphrase-file.js';

/** Of the decompressed table at a time. */
const PIECE_BYTES = 2 ** 22;

export interface ParaphraseCache {
  /**
   * Where the table is kept as it lies in memory (about 95 MB), under the hash of its file. Without it the table is
   * read anew each time, which takes seconds.
   */
  readonly cacheFolder?: string;
  /** Told of what takes long, and of a cache that cannot be written. */
  readonly onNote?: (note: string) => void;
}

/**
 * METEOR's table of paraphrases.
 * @param file `paraphrase-en.gz`
 * @throws EimError `invalid-file` where it cannot be read
 */
export async function openParaphrases(
  file: string,
  { cacheFolder, onNote }: ParaphraseCache = {},
): Promise<Paraphrases> {
  // At once: in pieces, as a promise reads, it takes five times as long.
  const bytes = readFileSync(file);
  if (cacheFolder === undefined) return readTable(file, bytes);
  const kept = join(cacheFolder, `${createHash('sha256').update(bytes).digest('hex')}.paraphrases`);
  const known = readParaphraseFile(kept);
  if (known) return known;
  onNote?.(`Reading METEOR's paraphrases, once (seconds; kept in ${cacheFolder}) ...`);
  const paraphrases = await readTable(file, bytes);
  try {
    await mkdir(cacheFolder, { recursive: true });
    await writeParaphraseFile(kept, paraphrases);
  } catch (cause) {
    onNote?.(`They could not be kept, so the next run reads them again: ${(cause as Error).message}`);
  }
  return paraphrases;
}

async function readTable(file: string, bytes: Uint8Array): Promise<Paraphrases> {
  try {
    return await pipeline(
      Readable.from([bytes]),
      createGunzip({ chunkSize: PIECE_BYTES }),
      (table: AsyncIterable<Uint8Array>) => readParaphrases(table),
    );
  } catch (cause) {
    throw new EimError({
      code: 'invalid-file',
      message: `${file} cannot be read as METEOR's table of paraphrases: ${(cause as Error).message}.`,
      advice: 'The file was cut off, perhaps while it was copied: get it whole.',
      data: { file },
      cause,
    });
  }
}
