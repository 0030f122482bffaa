import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { CaptionDataset, CaptionedPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { readPicture } from '@eim/images/node';
import { captionDataset } from '../caption-dataset.js';
import { assignSplits } from '../captions/assign-splits.js';
import { parseCaptions } from '../captions/parse-captions.js';
import { carveSplit } from '../carve-split.js';
import { findCaptionFile } from './find-caption-file.js';
import type { FingerprintKind, LocatedPicture } from './locate-pictures.js';
import { locatePictures } from './locate-pictures.js';

export interface ReadCaptionsOptions {
  /** Folder that the file's picture paths start from. @default `images` beside the caption file, or its own folder */
  readonly imageFolder?: string;
  /** What Karpathy's `restval` counts as. @default 'train' */
  readonly restval?: 'train' | 'leave-out';
  /** Share of the training pictures carved out where the file has no validation split; 0: none. @default 0.1 */
  readonly validationShare?: number;
  /** Seeds that carving. @default 1 */
  readonly seed?: number;
  /**
   * `content`: SHA-1 of each picture's bytes, taken while reading, right whatever happens to the files. `stat`:
   * path, size and time of change, for sets so large that reading them once takes too long. @default 'content'
   */
  readonly fingerprint?: FingerprintKind;
  /** What to do with pictures that are not there. @default 'error' */
  readonly missingPictures?: 'error' | 'leave-out';
  /** Turn pictures as their EXIF orientation says. @default false */
  readonly applyOrientation?: boolean;
}

/**
 * Reads captioned pictures from a caption file (COCO, Karpathy, CSV or JSON lines), or from a folder that holds
 * one, usually `captions.json` beside `images/`.
 * @throws EimError `missing-file`, or `invalid-data` listing every mistake by file, entry and field
 */
export async function readCaptionDataset(
  path: string,
  options: ReadCaptionsOptions = {},
): Promise<CaptionDataset> {
  const file = await findCaptionFile(resolve(path));
  const table = parseCaptions(await readFile(file, 'utf8'), file);
  if (table.records.length === 0) {
    const reasons = table.notes.length > 0 ? ` (${table.notes.join('; ')})` : '';
    throw new EimError({
      code: 'invalid-data',
      message: `${file} describes no picture${reasons}.`,
      data: { file },
    });
  }
  const assigned = assignSplits(table.records, file, options.restval);
  const folder = imageFolder(file, options.imageFolder);
  const records = [...assigned.splits.values()].flat();
  const { fingerprint = 'content', missingPictures = 'error' } = options;
  const { pictures, leftOut } = await locatePictures(records, folder, file, fingerprint, missingPictures);
  const byRecord = new Map(pictures.map((picture) => [picture.record, picture]));
  const splits = new Map(
    Array.from(assigned.splits, ([name, members]) => [
      name,
      members.flatMap((record) => captionedPicture(byRecord.get(record), options)),
    ]),
  );
  const notes = [...table.notes, ...assigned.notes];
  if (leftOut.length > 0) {
    notes.push(`${leftOut.length} pictures that do not exist left out, the first at ${leftOut[0]!.entry}`);
  }
  if (splits.get('train')?.length === 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file}: none of its training pictures exists in ${folder}.`,
      advice: 'Name their folder in `imageFolder`.',
      data: { file, folder },
    });
  }
  const name = basename(file).startsWith('captions.') ? basename(dirname(file)) : basename(file);
  const dataset = captionDataset(name, splits, notes);
  const share = options.validationShare ?? 0.1;
  const carves = share > 0 && !dataset.splits.includes('val') && dataset.split('train').length > 1;
  return carves ? carveSplit(dataset, { share, seed: options.seed ?? 1 }) : dataset;
}

function imageFolder(file: string, given: string | undefined): string {
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

function captionedPicture(
  located: LocatedPicture | undefined,
  { applyOrientation = false }: ReadCaptionsOptions,
): CaptionedPicture[] {
  if (!located) return [];
  const { record, path, fingerprint } = located;
  return [
    {
      id: record.id,
      captions: record.captions,
      fingerprint: applyOrientation ? `${fingerprint}:oriented` : fingerprint,
      source: path,
      load: () => readPicture(path, { applyOrientation }),
    },
  ];
}
