import type { SourceText } from '@eim/contracts/json';
import { CountedNotes } from '../records/counted-notes.js';
import { FaultList } from '../records/fault-list.js';
import { readLines } from '../records/read-items.js';
import type { RowTable } from '../records/row-record.js';
import { PictureGroups } from './picture-groups.js';

/**
 * One JSON object a line: `{"image": path, "caption": text}`, or `"captions": [text, ...]`, with an optional
 * `"split"`. Lines of one picture need not stand together.
 * @throws EimError `invalid-data` listing every mistake with its line and field
 */
export function parseJsonlCaptions(source: SourceText, file: string): RowTable {
  const faults = new FaultList(file);
  const notes = new CountedNotes();
  const groups = new PictureGroups(faults);
  for (const { where: entry, value: row } of readLines(source, file, faults)) {
    const picture = faults.text(row.image, `${entry}, image`);
    const split = row.split === undefined ? undefined : faults.text(row.split, `${entry}, split`);
    const field = row.captions === undefined ? 'caption' : 'captions';
    const given =
      row.captions === undefined ? [row.caption] : faults.list(row.captions, `${entry}, captions`);
    const captions = given.flatMap((caption) => {
      if (typeof caption === 'string' && caption.trim() === '') {
        notes.add('empty captions left out', entry);
        return [];
      }
      return faults.text(caption, `${entry}, ${field}`) ?? [];
    });
    if (picture) groups.add(picture, captions, split, entry);
  }
  faults.throwIfAny();
  return groups.table(notes);
}
