import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { CaptionRecord } from '../captions/caption-record.js';
import { FaultList } from '../captions/fault-list.js';

/** How a picture is recognised when its features are cached. */
export type FingerprintKind = 'content' | 'stat';

export interface LocatedPicture {
  readonly record: CaptionRecord;
  readonly path: string;
  readonly fingerprint: string;
}

/** Files read at a time while fingerprints are taken. */
const AT_ONCE = 16;

/**
 * Finds the picture of each record and takes its fingerprint.
 * @param file the caption file, for messages
 * @param missing `error`: every missing picture is a mistake. `leave-out`: it is passed over
 * @throws EimError `invalid-data` listing each picture that is missing, empty, or outside the folder, by its entry
 */
export async function locatePictures(
  records: readonly CaptionRecord[],
  folder: string,
  file: string,
  kind: FingerprintKind,
  missing: 'error' | 'leave-out',
): Promise<{ pictures: LocatedPicture[]; leftOut: CaptionRecord[] }> {
  const results: (LocatedPicture | string)[] = new Array(records.length);
  const queue = records.entries();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [index, record] of queue) results[index] = await locate(record, folder, kind);
  });
  await Promise.all(workers);
  const faults = new FaultList(file);
  const pictures: LocatedPicture[] = [];
  const leftOut: CaptionRecord[] = [];
  for (const [index, result] of results.entries()) {
    const record = records[index]!;
    if (typeof result !== 'string') pictures.push(result);
    else if (missing === 'leave-out' && result.endsWith(ABSENT)) leftOut.push(record);
    else faults.add(record.entry, result);
  }
  faults.throwIfAny();
  return { pictures, leftOut };
}

const ABSENT = 'does not exist';

/** @returns the picture, or what is wrong with it */
async function locate(
  record: CaptionRecord,
  folder: string,
  kind: FingerprintKind,
): Promise<LocatedPicture | string> {
  const path = resolve(folder, record.picture);
  const below = relative(folder, path);
  // A caption file from elsewhere must not make the reader open other files of the machine.
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    return `names "${record.picture}", which is outside ${folder}`;
  }
  try {
    const { size, mtimeMs } = await stat(path);
    if (size === 0) return `names ${path}, which is empty`;
    if (kind === 'stat') return { record, path, fingerprint: `stat:${record.picture}:${size}:${mtimeMs}` };
    const hash = createHash('sha1')
      .update(await readFile(path))
      .digest('hex');
    return { record, path, fingerprint: `sha1:${hash}` };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? `names ${path}, which ${ABSENT}`
      : `names ${path}, which cannot be read (${code})`;
  }
}
