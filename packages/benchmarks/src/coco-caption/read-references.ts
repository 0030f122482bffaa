import {
  describe,
  isObject,
  type JsonObject,
  type NamedJson,
  readObject,
  refuse,
} from '../files/json-fields.js';
import { entriesById } from '../files/parse-json-file.js';
import { type CaptionsById, readCaption, readCaptionList, readId } from './caption-files.js';

/**
 * Reference captions by image id, from any of
 * - COCO annotations `{images?, annotations: [{image_id, caption}]}`: pictures in the order of `images`;
 * - Karpathy's `{images: [{cocoid | imgid, sentences: [{raw}]}]}`;
 * - `{image_id: [captions]}`;
 * - `[{image_id, refs: [captions]}]` (SPICE's input).
 *
 * What stands beside the pictures asked for is passed over, as by the official program: annotations of pictures that
 * `images` does not list, and with `only` all of other pictures, whatever it is.
 * @throws EimError `invalid-data` naming file, entry and field; also for a picture without a reference
 */
export function readReferences(named: NamedJson, wanted: WantedPictures = {}): CaptionsById {
  const { file, json } = named;
  const { split, only } = wanted;
  const references = split === undefined ? readByLayout(named, only) : readSplit(file, json, split, only);
  if (references.size === 0 && only === undefined) refuse(file, '', 'holds no reference caption');
  for (const [id, captions] of references) {
    if (captions.length > 0) continue;
    refuse(
      file,
      `picture ${id}`,
      'has no caption: it needs at least one reference',
      'Remove the picture or add a caption.',
    );
  }
  return references;
}

/** Which pictures of a file are asked for. */
export interface WantedPictures {
  /** Those of this split of Karpathy's json; its `train` has `restval` too, as in the papers. Absent: of all. */
  readonly split?: string;
  /** Those of these ids. Absent: all. */
  readonly only?: WantedIds | undefined;
}

type WantedIds = Pick<ReadonlySet<string>, 'has'>;

function readByLayout(named: NamedJson, only: WantedIds | undefined): Map<string, readonly string[]> {
  const { file, json } = named;
  if (Array.isArray(json)) return readReferenceList(file, json, only);
  if (isObject(json)) {
    if (Array.isArray(json.annotations)) return readCocoAnnotations(file, json, json.annotations, only);
    if (Array.isArray(json.images) && json.images.some((image) => isObject(image) && 'sentences' in image)) {
      return readKarpathy(file, json.images, only);
    }
    if ('images' in json) {
      refuse(file, 'annotations', `is ${describe(json.annotations)}, not COCO's list of captions`);
    }
    return new Map(
      entriesById(named, json)
        .filter(([id]) => only?.has(id) ?? true)
        .map(([id, captions]) => [id, readCaptionList(file, `["${id}"]`, captions)]),
    );
  }
  return refuse(
    file,
    '',
    `the document is ${describe(json)}, not reference captions`,
    'Give COCO annotations, {"1": ["...", "..."]} or [{"image_id": 1, "refs": ["..."]}].',
  );
}

function readSplit(
  file: string,
  json: unknown,
  split: string,
  only: WantedIds | undefined,
): Map<string, readonly string[]> {
  const images = isObject(json) && Array.isArray(json.images) ? json.images : [];
  const splits = new Set(images.map((image) => (isObject(image) ? image.split : undefined)));
  const wanted = split === 'train' ? ['train', 'restval'] : [split];
  const members = images.filter((image) => isObject(image) && wanted.includes(String(image.split)));
  if (members.length > 0) return readKarpathy(file, members, only);
  const known = [...splits].filter((name) => typeof name === 'string');
  return refuse(
    file,
    '',
    known.length > 0
      ? `has no pictures of the split "${split}", only of ${known.join(', ')}`
      : "has no splits: it is not Karpathy's json",
  );
}

function readReferenceList(
  file: string,
  list: readonly unknown[],
  only: WantedIds | undefined,
): Map<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  for (const [index, value] of list.entries()) {
    const entry = readObject(file, `[${index}]`, value);
    const id = readId(file, `[${index}].image_id`, entry.image_id);
    if (only && !only.has(id)) continue;
    if (references.has(id)) refuse(file, `[${index}].image_id`, `names picture ${id} a second time`);
    references.set(id, readCaptionList(file, `[${index}].refs`, entry.refs));
  }
  return references;
}

function readCocoAnnotations(
  file: string,
  document: JsonObject,
  annotations: readonly unknown[],
  only: WantedIds | undefined,
): Map<string, readonly string[]> {
  const references = new Map<string, string[]>();
  const images: readonly unknown[] | undefined = Array.isArray(document.images) ? document.images : undefined;
  for (const [index, value] of images?.entries() ?? []) {
    const image = readObject(file, `images[${index}]`, value);
    const id = readId(file, `images[${index}].id`, image.id);
    if (only?.has(id) ?? true) references.set(id, []);
  }
  for (const [index, value] of annotations.entries()) {
    const where = `annotations[${index}]`;
    const annotation = readObject(file, where, value);
    const id = readId(file, `${where}.image_id`, annotation.image_id);
    const captions = references.get(id) ?? (images || (only && !only.has(id)) ? undefined : []);
    if (captions === undefined) continue;
    captions.push(readCaption(file, `${where}.caption`, annotation.caption));
    if (captions.length === 1) references.set(id, captions);
  }
  return references;
}

function readKarpathy(
  file: string,
  images: readonly unknown[],
  only: WantedIds | undefined,
): Map<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  for (const [index, value] of images.entries()) {
    const where = `images[${index}]`;
    const image = readObject(file, where, value);
    const field = image.cocoid === undefined ? 'imgid' : 'cocoid';
    const id = readId(file, `${where}.${field}`, image[field]);
    if (only && !only.has(id)) continue;
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
