import { describe, isObject, type NamedJson, readObject, refuse } from '../files/json-fields.js';
import { entriesById } from '../files/parse-json-file.js';
import { readCaption, readId } from './caption-files.js';

/**
 * Candidate captions by image id: COCO's results format `[{image_id, caption}]` or `{image_id: caption}`.
 * @throws EimError `invalid-data` for a wrong type, a missing field or a second caption of one picture
 */
export function readCandidates(named: NamedJson): Map<string, string> {
  const { file, json } = named;
  const candidates = new Map<string, string>();
  if (Array.isArray(json)) {
    const seenAt = new Map<string, number>();
    for (const [index, value] of json.entries()) {
      const where = `[${index}]`;
      const entry = readObject(file, where, value);
      const id = readId(file, `${where}.image_id`, entry.image_id);
      if (candidates.has(id)) {
        refuse(
          file,
          `${where}.image_id`,
          `names picture ${id} a second time, after [${seenAt.get(id)}]`,
          'Keep one candidate caption a picture.',
        );
      }
      seenAt.set(id, index);
      candidates.set(id, readCaption(file, `${where}.caption`, entry.caption));
    }
  } else if (isObject(json)) {
    for (const [id, caption] of entriesById(named, json)) {
      candidates.set(id, readCaption(file, `["${id}"]`, caption));
    }
  } else {
    refuse(
      file,
      '',
      `the document is ${describe(json)}, not candidate captions`,
      'Give [{"image_id": 1, "caption": "..."}] or {"1": "..."}.',
    );
  }
  if (candidates.size === 0) refuse(file, '', 'holds no candidate caption');
  return candidates;
}
