import {
  describe,
  isObject,
  type JsonObject,
  type NamedJson,
  readObject,
  refuse,
} from '../files/json-fields.js';
import { type CaptionsById, readCaption, readCaptionList, readId } from './caption-files.js';

/**
 * Reference captions by image id, from any of
 * - COCO annotations `{images?, annotations: [{image_id, caption}]}`: pictures in the order of `images`;
 * - Karpathy's `{images: [{cocoid | imgid, sentences: [{raw}]}]}`;
 * - `{image_id: [captions]}`;
 * - `[{image_id, refs: [captions]}]` (SPICE's input).
 *
 * @param split pictures of this split of Karpathy's json alone; its `train` has `restval` too, as in the papers
 * @throws EimError `invalid-data` naming file, entry and field; also for a picture without a reference
 */
export function readReferences({ file, json }: NamedJson, { split }: { split?: string } = {}): CaptionsById {
  const references = split === undefined ? readByLayout(file, json) : readSplit(file, json, split);
  if (references.size === 0) refuse(file, '', 'holds no reference caption');
  return references;
}

function readByLayout(file: string, json: unknown): Map<string, readonly string[]> {
  if (Array.isArray(json)) return readReferenceList(file, json);
  if (isObject(json)) {
    if (Array.isArray(json.annotations)) return readCocoAnnotations(file, json, json.annotations);
    if (Array.isArray(json.images) && json.images.some((image) => isObject(image) && 'sentences' in image)) {
      return readKarpathy(file, json.images);
    }
    if ('images' in json) {
      refuse(file, 'annotations', `is ${describe(json.annotations)}, not COCO's list of captions`);
    }
    return new Map(
      Object.entries(json).map(([id, captions]) => [id, readCaptionList(file, `["${id}"]`, captions)]),
    );
  }
  return refuse(
    file,
    '',
    `the document is ${describe(json)}, not reference captions`,
    'Give COCO annotations, {"1": ["...", "..."]} or [{"image_id": 1, "refs": ["..."]}].',
  );
}

function readSplit(file: string, json: unknown, split: string): Map<string, readonly string[]> {
  const images = isObject(json) && Array.isArray(json.images) ? json.images : [];
  const splits = new Set(images.map((image) => (isObject(image) ? image.split : undefined)));
  const wanted = split === 'train' ? ['train', 'restval'] : [split];
  const members = images.filter((image) => isObject(image) && wanted.includes(String(image.split)));
  if (members.length > 0) return readKarpathy(file, members);
  const known = [...splits].filter((name) => typeof name === 'string');
  return refuse(
    file,
    '',
    known.length > 0
      ? `has no pictures of the split "${split}", only of ${known.join(', ')}`
      : "has no splits: it is not Karpathy's json",
  );
}

function readReferenceList(file: string, list: readonly unknown[]): Map<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  for (const [index, value] of list.entries()) {
    const entry = readObject(file, `[${index}]`, value);
    const id = readId(file, `[${index}].image_id`, entry.image_id);
    if (references.has(id)) refuse(file, `[${index}].image_id`, `names picture ${id} a second time`);
    references.set(id, readCaptionList(file, `[${index}].refs`, entry.refs));
  }
  return references;
}

function readCocoAnnotations(
  file: string,
  document: JsonObject,
  annotations: readonly unknown[],
): Map<string, readonly string[]> {
  const references = new Map<string, string[]>();
  const listed = Array.isArray(document.images);
  for (const [index, value] of listed ? (document.images as unknown[]).entries() : []) {
    const image = readObject(file, `images[${index}]`, value);
    references.set(readId(file, `images[${index}].id`, image.id), []);
  }
  for (const [index, value] of annotations.entries()) {
    const where = `annotations[${index}]`;
    const annotation = readObject(file, where, value);
    const id = readId(file, `${where}.image_id`, annotation.image_id);
    const captions = references.get(id);
    if (captions === undefined && listed) {
      refuse(file, `${where}.image_id`, `is ${id}, which is not in images`);
    }
    const caption = readCaption(file, `${where}.caption`, annotation.caption);
    if (captions === undefined) references.set(id, [caption]);
    else captions.push(caption);
  }
  for (const [id, captions] of references) {
    if (captions.length > 0) continue;
    refuse(file, `picture ${id}`, 'has no annotation: it needs at least one reference');
  }
  return references;
}

function readKarpathy(file: string, images: readonly unknown[]): Map<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  for (const [index, value] of images.entries()) {
    const where = `images[${index}]`;
    const image = readObject(file, where, value);
    const field = image.cocoid === undefined ? 'imgid' : 'cocoid';
    const id = readId(file, `${where}.${field}`, image[field]);
    if (references.has(id)) refuse(file, `${where}.${field}`, `names picture ${id} a second time`);
    const sentences = image.sentences;
    if (!Array.isArray(sentences)) {
      refuse(file, `${where}.sentences`, `is ${describe(sentences)}, not a list`);
    }
    const captions = sentences.map((sentence, place) =>
      isObject(sentence) ? sentence.raw : refuse(file, `${where}.sentences[${place}]`, 'is not an object'),
    );
    references.set(id, readCaptionList(file, `${where}.sentences (raw)`, captions));
  }
  return references;
}
