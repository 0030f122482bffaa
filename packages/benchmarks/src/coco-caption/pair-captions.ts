import { EimError } from '@eim/contracts';
import { listSome } from '../files/json-fields.js';
import type { CaptionsById } from './caption-files.js';

/** A picture's captions as people and systems wrote them. */
export interface PairedPicture {
  readonly id: string;
  readonly candidate: string;
  readonly references: readonly string[];
}

/**
 * Candidates with their references, in the order of the references.
 * @param subset score only the pictures that have a candidate; otherwise each must have one
 * @throws EimError `invalid-data` for a candidate of an unknown picture, and for pictures without one
 */
export function pairCaptions(
  candidates: ReadonlyMap<string, string>,
  references: CaptionsById,
  { subset = false }: { subset?: boolean } = {},
): PairedPicture[] {
  const unknown = [...candidates.keys()].filter((id) => !references.has(id));
  if (unknown.length > 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${count(unknown.length, 'candidate')} of pictures that the references do not have: ${listSome(unknown)}.`,
      advice: 'Check that both files are of the same pictures; ids are compared as text.',
      data: { unknown: unknown.length },
    });
  }
  const missing = [...references.keys()].filter((id) => !candidates.has(id));
  if (missing.length > 0 && !subset) {
    throw new EimError({
      code: 'invalid-data',
      message: `${missing.length} of ${references.size} pictures have no candidate caption: ${listSome(missing)}.`,
      advice: 'Add them, or ask for a subset: only the pictures with a candidate are scored then.',
      data: { missing: missing.length, images: references.size },
    });
  }
  const paired: PairedPicture[] = [];
  for (const [id, captions] of references) {
    const candidate = candidates.get(id);
    if (candidate !== undefined) paired.push({ id, candidate, references: captions });
  }
  return paired;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
