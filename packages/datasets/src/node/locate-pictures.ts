import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Picture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { filePicture } from '@eim/images/node';
import type { FileSettings } from '../file-options.js';
import { FaultList } from '../records/fault-list.js';
import type { RowRecord } from '../records/row-record.js';

/** Files read at a time while fingerprints are taken. */
const AT_ONCE = 16;

export type PictureSettings = Pick<FileSettings, 'fingerprint' | 'missingPictures' | 'applyOrientation'>;

/**
 * Finds each picture that records name and takes its fingerprint, only once, however many rows show it.
 * @param file the file of the records, for messages
 * @returns pictures by the name that the records give; without those that do not exist, if they may be missing
 * @throws EimError `invalid-data` listing each picture that is missing, empty or outside the folder, by its entry
 */
export async function locatePictures(
  records: readonly RowRecord[],
  folder: string,
  file: string,
  { missingPictures, ...settings }: PictureSettings,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Picture>> {
  const entries = new Map<string, string>(); // first entry by picture name
  for (const { picture, entry } of records) {
    if (picture !== undefined && !entries.has(picture)) entries.set(picture, entry);
  }
  const pictures = new Map<string, Picture>();
  const refused = new Map<string, string>();
  const queue = entries.keys();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const name of queue) {
      signal?.throwIfAborted();
      const result = await locate(name, folder, settings);
      if (!('problem' in result)) pictures.set(name, result);
      else if (!result.absent || missingPictures === 'error') refused.set(name, result.problem);
    }
  });
  await Promise.all(workers);
  const faults = new FaultList(file);
  for (const [name, entry] of entries) {
    const problem = refused.get(name);
    if (problem !== undefined) faults.add(entry, problem);
  }
  faults.throwIfAny();
  return pictures;
}

/** The folder that picture names start from: as given, or `images` beside the file, or the file's own. */
export function pictureFolder(file: string, given: string | undefined): string {
  if (given === undefined) {
    const beside = join(dirname(file), 'images');
    return existsSync(beside) ? beside : dirname(file);
  }
  if (existsSync(given)) return resolve(given);
  throw new EimError({
    code: 'missing-file',
    message: `The picture folder ${given} does not exist.`,
    data: { folder: given },
  });
}

interface Fault {
  readonly problem: string;
  /** The file is not there. */
  readonly absent: boolean;
}

async function locate(
  name: string,
  folder: string,
  settings: Omit<PictureSettings, 'missingPictures'>,
): Promise<Picture | Fault> {
  const path = resolve(folder, name);
  const below = relative(folder, path);
  // A file of rows from elsewhere must not make the reader open other files of the machine.
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    return { problem: `names "${name}", which is outside ${folder}`, absent: false };
  }
  try {
    return await filePicture(path, { ...settings, name });
  } catch (cause) {
    if (!EimError.isInstance(cause)) throw cause;
    return { problem: `names ${path}, which ${cause.data.fault}`, absent: cause.code === 'missing-file' };
  }
}
