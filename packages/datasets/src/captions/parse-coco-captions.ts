import type { CaptionRecord, CaptionTable } from './caption-record.js';
import { FaultList } from './fault-list.js';
import { LeftOut } from './left-out.js';
import { parseJson } from './parse-json.js';

/**
 * COCO's caption layout: `images: [{id, file_name, split?}]`, `annotations: [{image_id, caption}]`.
 * Empty captions, and pictures without any, are left out and counted.
 * @throws EimError `invalid-data` listing every mistake with its entry and field
 */
export function parseCocoCaptions(text: string, file: string): CaptionTable {
  const faults = new FaultList(file);
  const root = faults.record(parseJson(text, file), 'the file');
  faults.throwIfAny();
  const captions = new Map<string, string[]>();
  const pictures: Omit<CaptionRecord, 'captions'>[] = [];
  for (const [index, value] of faults.list(root!.images, 'images').entries()) {
    const entry = `images[${index}]`;
    const image = faults.record(value, entry);
    if (!image) continue;
    const id = faults.id(image.id, `${entry}.id`);
    const picture = faults.text(image.file_name, `${entry}.file_name`);
    const split = image.split === undefined ? undefined : faults.text(image.split, `${entry}.split`);
    if (id === undefined) continue;
    if (captions.has(id)) faults.add(`${entry}.id`, `${id} is another picture's id too`);
    captions.set(id, []);
    pictures.push({ id, picture: picture ?? '', entry: `${entry}.file_name`, ...(split && { split }) });
  }
  const leftOut = new LeftOut();
  for (const [index, value] of faults.list(root!.annotations, 'annotations').entries()) {
    const entry = `annotations[${index}]`;
    const annotation = faults.record(value, entry);
    if (!annotation) continue;
    const id = faults.id(annotation.image_id, `${entry}.image_id`);
    const known = id === undefined ? undefined : captions.get(id);
    if (id !== undefined && !known) faults.add(`${entry}.image_id`, `${id} is no picture's id`);
    if (typeof annotation.caption === 'string' && annotation.caption.trim() === '') {
      leftOut.add('empty captions', entry);
      continue;
    }
    const caption = faults.text(annotation.caption, `${entry}.caption`);
    if (caption) known?.push(caption.trim());
  }
  faults.throwIfAny();
  return completeTable(
    pictures.map((picture) => ({ ...picture, captions: captions.get(picture.id)! })),
    leftOut,
  );
}

/** The table without pictures that nobody describes. */
export function completeTable(records: readonly CaptionRecord[], leftOut: LeftOut): CaptionTable {
  const described = records.filter((record) => {
    if (record.captions.length === 0) leftOut.add('pictures without captions', record.entry);
    return record.captions.length > 0;
  });
  return { records: described, notes: leftOut.notes() };
}
