import { EimError } from '@eim/contracts';
import { readJson } from './read-json.js';

const FORMS = 'Expected [{"image_id": 1, "caption": "..."}] (COCO results) or {"1": "..."}.';

/** Candidate captions by image id, in the order of the file. @throws EimError naming the file and the field */
export async function readCandidates(path: string): Promise<Map<string, string>> {
  const value = await readJson(path);
  const candidates = new Map<string, string>();
  for (const { id, caption, where } of entries(value, path)) {
    if (typeof caption !== 'string') throw invalid(path, `${where} must be a text, not ${kind(caption)}.`);
    if (candidates.has(id)) {
      throw invalid(path, `image ${id} has a second candidate at ${where}; one caption per image is scored.`);
    }
    candidates.set(id, caption);
  }
  if (candidates.size === 0) throw invalid(path, 'there is no caption in it.');
  return candidates;
}

function* entries(value: unknown, path: string): Generator<{ id: string; caption: unknown; where: string }> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      if (typeof entry !== 'object' || entry === null)
        throw invalid(path, `[${index}] is ${kind(entry)}. ${FORMS}`);
      const { image_id: id, caption } = entry as { image_id?: unknown; caption?: unknown };
      if (typeof id !== 'string' && typeof id !== 'number')
        throw invalid(path, `[${index}].image_id is missing. ${FORMS}`);
      yield { id: String(id), caption, where: `[${index}].caption` };
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [id, caption] of Object.entries(value)) {
      // One caption in a list of its own is how pycocoevalcap passes candidates around.
      const single = Array.isArray(caption) && caption.length === 1 ? caption[0] : caption;
      yield { id, caption: single, where: `"${id}"` };
    }
  } else {
    throw invalid(path, `it holds ${kind(value)}. ${FORMS}`);
  }
}

export function kind(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

export function invalid(path: string, what: string): EimError {
  return new EimError({ code: 'invalid-file', message: `${path}: ${what}`, data: { file: path } });
}
