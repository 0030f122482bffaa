import type { JsonLists } from '@eim/contracts/json';
import { CountedNotes } from '../records/counted-notes.js';
import { FaultList } from '../records/fault-list.js';
import type { RowRecord, RowTable } from '../records/row-record.js';
import { completeTable } from './parse-coco-captions.js';

/**
 * Karpathy's `dataset_coco.json`, `dataset_flickr8k.json` and the like (Karpathy and Fei-Fei 2015):
 * `images: [{split, filepath?, filename, cocoid?, imgid?, sentences: [{raw}]}]`.
 * @throws EimError `invalid-data` listing every mistake with its entry and field
 */
export function parseKarpathyCaptions(root: JsonLists, file: string): RowTable {
  const faults = new FaultList(file);
  if (!root.isObject) faults.record(root.get(), 'the file');
  faults.throwIfAny();
  const notes = new CountedNotes();
  const ids = new Set<string>();
  const records: RowRecord[] = [];
  for (const [index, value] of faults.entries(root, 'images')) {
    const entry = `images[${index}]`;
    const image = faults.record(value, entry);
    if (!image) continue;
    const idField = ['cocoid', 'imgid'].find((field) => image[field] !== undefined) ?? 'imgid';
    const id = faults.id(image[idField] ?? index, `${entry}.${idField}`);
    if (id !== undefined && ids.has(id))
      faults.add(`${entry}.${idField}`, `${id} is another picture's id too`);
    const name = faults.text(image.filename, `${entry}.filename`);
    const folder = image.filepath ? faults.text(image.filepath, `${entry}.filepath`) : undefined;
    const split = faults.text(image.split, `${entry}.split`);
    const captions = sentencesOf(image.sentences, entry, faults, notes);
    if (id === undefined || name === undefined || split === undefined) continue;
    ids.add(id);
    const picture = folder ? `${folder}/${name}` : name;
    records.push({ id, picture, prompt: '', answers: captions, split, entry: `${entry}.filename` });
  }
  faults.throwIfAny();
  return completeTable(records, notes);
}

function sentencesOf(value: unknown, entry: string, faults: FaultList, notes: CountedNotes): string[] {
  return faults.list(value, `${entry}.sentences`).flatMap((item, index) => {
    const where = `${entry}.sentences[${index}]`;
    const sentence = faults.record(item, where);
    if (sentence && typeof sentence.raw === 'string' && sentence.raw.trim() === '') {
      notes.add('empty captions left out', where);
      return [];
    }
    const raw = sentence && faults.text(sentence.raw, `${where}.raw`);
    return raw ? [raw.trim()] : [];
  });
}
