import type { CaptionRecord, CaptionTable } from './caption-record.js';
import { FaultList } from './fault-list.js';
import { LeftOut } from './left-out.js';
import { completeTable } from './parse-coco-captions.js';
import { parseJson } from './parse-json.js';

/**
 * Karpathy's `dataset_coco.json`, `dataset_flickr8k.json` and the like (Karpathy and Fei-Fei 2015):
 * `images: [{split, filepath?, filename, cocoid?, imgid?, sentences: [{raw}]}]`.
 * @throws EimError `invalid-data` listing every mistake with its entry and field
 */
export function parseKarpathyCaptions(text: string, file: string): CaptionTable {
  const faults = new FaultList(file);
  const root = faults.record(parseJson(text, file), 'the file');
  faults.throwIfAny();
  const leftOut = new LeftOut();
  const ids = new Set<string>();
  const records: CaptionRecord[] = [];
  for (const [index, value] of faults.list(root!.images, 'images').entries()) {
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
    const captions = sentencesOf(image.sentences, entry, faults, leftOut);
    if (id === undefined || name === undefined || split === undefined) continue;
    ids.add(id);
    const picture = folder ? `${folder}/${name}` : name;
    records.push({ id, picture, captions, split, entry: `${entry}.filename` });
  }
  faults.throwIfAny();
  return completeTable(records, leftOut);
}

function sentencesOf(value: unknown, entry: string, faults: FaultList, leftOut: LeftOut): string[] {
  return faults.list(value, `${entry}.sentences`).flatMap((item, index) => {
    const where = `${entry}.sentences[${index}]`;
    const sentence = faults.record(item, where);
    if (sentence && typeof sentence.raw === 'string' && sentence.raw.trim() === '') {
      leftOut.add('empty captions', where);
      return [];
    }
    const raw = sentence && faults.text(sentence.raw, `${where}.raw`);
    return raw ? [raw.trim()] : [];
  });
}
