import { CountedNotes } from '../records/counted-notes.js';
import { FaultList } from '../records/fault-list.js';
import type { RowTable } from '../records/row-record.js';
import { csvRows } from './csv-rows.js';
import { PictureGroups } from './picture-groups.js';

const COLUMNS = ['image', 'caption', 'split'] as const;

/**
 * A CSV of `image,caption` with a first line that names the columns, one caption a line; a third column `split`
 * may follow. Lines of one picture need not stand together.
 * @throws EimError `invalid-data` listing every mistake with its line and column
 */
export function parseCsvCaptions(text: string, file: string): RowTable {
  const faults = new FaultList(file);
  const notes = new CountedNotes();
  const groups = new PictureGroups(faults);
  const [header, ...rows] = csvRows(text.replace(/^\ufeff/, ''));
  const names = header?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  const columns = COLUMNS.map((column) => names.indexOf(column));
  const [image, caption, split] = columns as [number, number, number];
  if (image < 0 || caption < 0) faults.add('line 1', 'does not name the columns `image` and `caption`');
  faults.throwIfAny();
  for (const { line, fields, unclosed } of rows) {
    if (unclosed) faults.add(`line ${line}`, 'opens a quote that is never closed');
    else if (fields.length !== names.length) {
      const advice = fields.length > names.length ? '; put captions that hold commas into quotes' : '';
      faults.add(`line ${line}`, `has ${fields.length} fields instead of ${names.length}${advice}`);
    } else {
      const picture = faults.text(fields[image]!, `line ${line}, image`);
      if (fields[caption]!.trim() === '') notes.add('empty captions left out', `line ${line}`);
      if (picture)
        groups.add(picture, [fields[caption]!], fields[split]?.trim() || undefined, `line ${line}`);
    }
  }
  faults.throwIfAny();
  return groups.table(notes);
}
