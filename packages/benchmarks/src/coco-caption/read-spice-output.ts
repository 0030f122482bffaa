import { idText } from '@eim/contracts/json';
import { isObject, readObject, refuse } from '../files/json-fields.js';
import { mean } from './picture-scores.js';

export interface SpiceResult {
  /** Mean F score; NaN where one picture's is, as in coco-caption. */
  readonly corpus: number;
  /** In the order of the pictures. */
  readonly perPicture: readonly number[];
}

/**
 * What SPICE's program writes: `[{image_id, scores: {All: {f}}}]`, in any order.
 * @throws EimError `invalid-data` where a picture is not there, or an entry is of another shape
 */
export function readSpiceOutput(
  file: string,
  json: unknown,
  pictures: readonly { readonly id: string }[],
): SpiceResult {
  if (!Array.isArray(json)) refuse(file, '', "the document is not SPICE's list of pictures");
  const scores = new Map<string, number>();
  for (const [index, value] of json.entries()) {
    const where = `[${index}]`;
    const entry = readObject(file, where, value);
    const all = readObject(
      file,
      `${where}.scores.All`,
      isObject(entry.scores) ? entry.scores.All : undefined,
    );
    scores.set(idText(entry.image_id) ?? '', typeof all.f === 'number' ? all.f : Number.NaN);
  }
  const perPicture = pictures.map(
    ({ id }) => scores.get(id) ?? refuse(file, '', `has no score of picture ${id}`),
  );
  return { corpus: mean(perPicture), perPicture };
}
