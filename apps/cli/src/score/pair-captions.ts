import { EimError } from '@eim/contracts';

export interface PairedCaptions {
  readonly id: string;
  readonly candidate: string;
  readonly references: readonly string[];
}

/**
 * Candidates with their references, in the candidates' order.
 * @throws EimError `invalid-data` for a candidate of an unknown image, or, unless `subset`, for references
 * without a candidate
 */
export function pairCaptions(
  candidates: ReadonlyMap<string, string>,
  references: ReadonlyMap<string, readonly string[]>,
  { subset }: { readonly subset: boolean },
): PairedCaptions[] {
  const unknown = [...candidates.keys()].filter((id) => !references.has(id));
  if (unknown.length > 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${count(unknown.length, 'candidate is', 'candidates are')} for images without references: ${some(unknown)}.`,
      advice: 'Check that both files are of the same data set.',
      data: { unknown: unknown.length },
    });
  }
  const missing = [...references.keys()].filter((id) => !candidates.has(id));
  if (missing.length > 0 && !subset) {
    throw new EimError({
      code: 'invalid-data',
      message: `${count(missing.length, 'image has', 'images have')} references and no candidate: ${some(missing)}.`,
      advice: 'Give a candidate for each, or pass --subset to score those there are.',
      data: { missing: missing.length },
    });
  }
  return [...candidates].map(([id, candidate]) => ({ id, candidate, references: references.get(id)! }));
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function some(ids: readonly string[]): string {
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')}, ...` : ids.join(', ');
}
