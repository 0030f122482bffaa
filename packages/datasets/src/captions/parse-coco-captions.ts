import type { JsonLists } from '@eim/contracts/json';
import { CountedNotes } from '../records/counted-notes.js';
import { FaultList } from '../records/fault-list.js';
import type { RowRecord, RowTable } from '../records/row-record.js';

/**
 * COCO's caption layout: `images: [{id, file_name, split?}]`, `annotations: [{image_id, caption}]`.
 * Empty captions, and pictures without any, are left out and counted.
 * @throws EimError `invalid-data` listing every mistake with its entry and field
 */
export function parseCocoCaptions(root: JsonLists, file: string): RowTable {
  const faults = new FaultList(file);
  if (!root.isObject) faults.record(root.get(), 'the file');
  faults.throwIfAny();
  const captions = new Map<string, string[]>();
  const pictures: Omit<RowRecord, 'answers'>[] = [];
  for (const [index, value] of faults.entries(root, 'images')) {
    const entry = `images[${index}]`;
    const image = faults.record(value, entry);
    if (!image) continue;
    const id = faults.id(image.id, `${entry}.id`);
    const picture = faults.text(image.file_name, `${entry}.file_name`);
    const split = image.split === undefined ? undefined : faults.text(image.split, `${entry}.split`);
    if (id === undefined) continue;
    if (captions.has(id)) faults.add(`${entry}.id`, `${id} is another picture's id too`);
    captions.set(id, []);
    pictures.push({
      id,
      picture: picture ?? '',
      prompt: '',
      entry: `${entry}.file_name`,
      ...(split && { split }),
    });
  }
  const notes = new CountedNotes();
  for (const [index, value] of faults.entries(root, 'annotations')) {
    const entry = `annotations[${index}]`;
    const annotation = faults.record(value, entry);
    if (!annotation) continue;
    const id = faults.id(annotation.image_id, `${entry}.image_id`);
    const known = id === undefined ? undefined : captions.get(id);
    if (id !== undefined && !known) faults.add(`${entry}.image_id`, `${id} is no picture's id`);
    if (typeof annotation.caption === 'string' && annotation.caption.trim() === '') {
      notes.add('empty captions left out', entry);
      continue;
    }
    const caption = faults.text(annotation.caption, `${entry}.caption`);
    if (caption) known?.push(caption.trim());
  }
  faults.throwIfAny();
  return completeTable(
    // A list that grew holds spare room; a copy does not.
    pictures.map((picture) => ({ ...picture, answers: [...captions.get(picture.id)!] })),
    notes,
  );
}

/** The table without pictures that nobody describes. */
export function completeTable(records: readonly RowRecord[], notes: CountedNotes): RowTable {
  const described = records.filter((record) => {
    if (record.answers.length === 0) notes.add('pictures without captions left out', record.entry);
    return record.answers.length > 0;
  });
  return { records: described, notes: notes.lines() };
}
