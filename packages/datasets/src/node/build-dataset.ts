import type { Dataset, Row, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { carveSplit } from '../carve-split.js';
import { createDataset, limitRows } from '../create-dataset.js';
import type { FileSettings } from '../file-options.js';
import type { SplitRules } from '../records/assign-splits.js';
import { assignSplits } from '../records/assign-splits.js';
import type { RowTable } from '../records/row-record.js';
import { locatePictures, pictureFolder } from './locate-pictures.js';

export interface DatasetSource extends SplitRules {
  readonly name: string;
  /** The file of the rows, for messages. */
  readonly file: string;
  /** A file beside which pictures are looked for. @default file */
  readonly beside?: string;
  readonly signal?: AbortSignal;
}

/**
 * Finds the pictures of a file's rows and sorts the rows into splits; if there is no validation split, one is carved out.
 * @throws EimError `missing-file`, or `invalid-data` listing every mistake
 */
export async function buildDataset(
  { records, notes: said }: RowTable,
  { name, file, beside = file, signal, ...rules }: DatasetSource,
  settings: FileSettings,
): Promise<Dataset> {
  if (records.length === 0) {
    const reasons = said.length > 0 ? ` (${said.join('; ')})` : '';
    throw new EimError({ code: 'invalid-data', message: `${file} holds no row${reasons}.`, data: { file } });
  }
  const assigned = assignSplits(records, file, rules);
  const folder = pictureFolder(beside, settings.images);
  const used = [...assigned.splits.values()].flat();
  const pictures = await locatePictures(used, folder, file, settings, signal);
  const notes = [...said, ...assigned.notes];
  const absent = used.filter(({ picture }) => picture !== undefined && !pictures.has(picture));
  if (absent.length > 0) {
    notes.push(
      `${absent.length} rows whose picture does not exist left out, the first at ${absent[0]!.entry}`,
    );
  }
  const splits = new Map<SplitName, Row[]>();
  for (const [split, members] of assigned.splits) {
    const rows: Row[] = [];
    for (const { picture, entry: _, split: __, ...row } of members) {
      if (picture === undefined) rows.push(row);
      else if (pictures.has(picture)) rows.push({ ...row, picture: pictures.get(picture)! });
    }
    splits.set(split, rows);
  }
  if ((splits.get('train') ?? [...splits.values()].flat()).length === 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file}: no row for training is left, as none of their pictures exists in ${folder}.`,
      advice: 'Name their folder in `images`.',
      data: { file, folder },
    });
  }
  const whole = createDataset(name, splits, notes);
  const { validationShare: share, seed, limit } = settings;
  const carves = share > 0 && !splits.has('val') && (splits.get('train')?.length ?? 0) > 1;
  const dataset = carves ? carveSplit(whole, { share, seed }) : whole;
  return limit === undefined ? dataset : limitRows(dataset, limit);
}
