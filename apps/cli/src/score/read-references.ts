import { invalid, kind } from './read-candidates.js';
import { readJson } from './read-json.js';

const FORMS =
  'Expected COCO annotations ({"annotations": [{"image_id": 1, "caption": "..."}]}), {"1": ["...", "..."]} or [{"image_id": 1, "refs": ["..."]}].';

/** Reference captions by image id, in the order of the file. @throws EimError naming the file and the field */
export async function readReferences(path: string): Promise<Map<string, string[]>> {
  const value = await readJson(path);
  const references = new Map<string, string[]>();
  for (const { id, captions, where } of entries(value, path)) {
    const known = references.get(id) ?? [];
    for (const [index, caption] of captions.entries()) {
      if (typeof caption !== 'string')
        throw invalid(path, `${where}[${index}] must be a text, not ${kind(caption)}.`);
      known.push(caption);
    }
    references.set(id, known);
  }
  for (const [id, captions] of references) {
    if (captions.length === 0) throw invalid(path, `image ${id} has no reference.`);
  }
  if (references.size === 0) throw invalid(path, `there is no reference in it. ${FORMS}`);
  return references;
}

interface Entry {
  readonly id: string;
  readonly captions: readonly unknown[];
  readonly where: string;
}

function* entries(value: unknown, path: string): Generator<Entry> {
  if (typeof value !== 'object' || value === null) throw invalid(path, `it holds ${kind(value)}. ${FORMS}`);
  if (Array.isArray(value)) {
    yield* rows(value, path, '');
  } else if (Array.isArray((value as { annotations?: unknown }).annotations)) {
    yield* rows((value as { annotations: unknown[] }).annotations, path, 'annotations');
  } else {
    for (const [id, captions] of Object.entries(value)) {
      if (!Array.isArray(captions))
        throw invalid(path, `"${id}" must be a list of texts, not ${kind(captions)}. ${FORMS}`);
      yield { id, captions, where: `"${id}"` };
    }
  }
}

function* rows(list: readonly unknown[], path: string, name: string): Generator<Entry> {
  for (const [index, row] of list.entries()) {
    const where = `${name}[${index}]`;
    if (typeof row !== 'object' || row === null) throw invalid(path, `${where} is ${kind(row)}. ${FORMS}`);
    const { image_id: id, caption, refs } = row as { image_id?: unknown; caption?: unknown; refs?: unknown };
    if (typeof id !== 'string' && typeof id !== 'number')
      throw invalid(path, `${where}.image_id is missing. ${FORMS}`);
    if (Array.isArray(refs)) yield { id: String(id), captions: refs, where: `${where}.refs` };
    else if (typeof caption === 'string') yield { id: String(id), captions: [caption], where };
    else throw invalid(path, `${where} has neither a text "caption" nor a list "refs". ${FORMS}`);
  }
}
