import { BYTE_SYMBOLS } from '../byte-alphabet.js';
import { tokenizerFault } from '../published/tokenizer-fault.js';

/** What ends a word's last symbol. */
export const END_OF_WORD = '</w>';
const BEGIN = '<|startoftext|>';
const END = '<|endoftext|>';

/** CLIP's vocabulary. */
export interface ClipParts {
  readonly vocabulary: Readonly<Record<string, number>>;
  /** `"left right"`, the first of them first. */
  readonly merges: readonly string[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Checks a vocabulary and its merges.
 * @param file for messages
 * @throws EimError `invalid-file`
 */
export function clipParts(vocabulary: unknown, merges: readonly unknown[], file: string): ClipParts {
  const ids = new Map(isRecord(vocabulary) ? Object.entries(vocabulary) : []);
  const values = new Set(ids.values());
  const valid = [...values].every(
    (id) => Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 24,
  );
  if (!valid || values.size < ids.size)
    throw tokenizerFault(file, 'its ids are not distinct numbers from 0 on');
  for (const symbol of BYTE_SYMBOLS.flatMap((byte) => [byte, byte + END_OF_WORD])) {
    if (!ids.has(symbol))
      throw tokenizerFault(file, `it has no token for "${symbol}", as CLIP's vocabulary has`);
  }
  for (const [index, merge] of merges.entries()) {
    const [left, right, ...more] = String(merge).split(' ');
    if (
      typeof merge !== 'string' ||
      !left ||
      !right ||
      more.length > 0 ||
      !ids.has(left) ||
      !ids.has(right) ||
      !ids.has(left + right)
    ) {
      throw tokenizerFault(
        file,
        `its merge ${index + 1}, ${JSON.stringify(merge)?.slice(0, 60)}, is not of two tokens`,
      );
    }
  }
  const [begin, end] = [BEGIN, END].map((name) => ids.get(name) as number | undefined);
  if (begin === undefined || end === undefined) throw tokenizerFault(file, `it lacks ${BEGIN} or ${END}`);
  return { vocabulary: vocabulary as Record<string, number>, merges: merges as string[], begin, end };
}

/** The texts of the special tokens. */
export function clipSpecialTokens({ begin, end }: ClipParts): ReadonlyMap<string, number> {
  return new Map([
    [BEGIN, begin],
    [END, end],
  ]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
