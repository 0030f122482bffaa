import type { SpecialTokens } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { SurroundingTokens } from './published/surrounding-tokens.js';
import type { AddedToken } from './tokenizer-json.js';

/** The tokens that `trainByteBpe` puts into a vocabulary, by what they do. */
export const TRAINED_SPECIALS = { pad: '<|pad|>', begin: '<|begin|>', end: '<|end|>' } as const;

/** Which tokens begin, end and fill a text. */
export interface SpecialTokenNames {
  readonly begin?: string;
  readonly end: string;
  /** @default the end token */
  readonly pad?: string;
}

/**
 * GPT-2 has one special token, which ends a text; batches are filled with it. LLaMA 1 and 2 fill them with their
 * unknown token, LLaMA 3 with its end.
 */
const CONVENTIONS: readonly SpecialTokenNames[] = [
  TRAINED_SPECIALS,
  { end: '<|endoftext|>' },
  { begin: '<s>', end: '</s>', pad: '<unk>' },
  { begin: '<|begin_of_text|>', end: '<|end_of_text|>' },
];

/**
 * Ids of the special tokens of a file.
 * @param names absent: those of `trainByteBpe`, else of GPT-2 or LLaMA, whose begin token counts where it is put
 * @throws EimError `invalid-argument` where the file has no such token
 */
export function specialTokensOf(
  added: readonly AddedToken[],
  names?: SpecialTokenNames,
  { before }: SurroundingTokens = { before: [], after: [] },
): SpecialTokens {
  const ids = new Map(added.map(({ content, id }) => [content, id]));
  const chosen = names ?? CONVENTIONS.find(({ begin, end }) => ids.has(end) && (!begin || ids.has(begin)));
  const unknown =
    chosen && [chosen.begin, chosen.end, chosen.pad].find((name) => name !== undefined && !ids.has(name));
  if (!chosen || unknown !== undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: unknown
        ? `The tokenizer has no added token "${unknown}".`
        : 'The tokenizer does not say which token ends a text.',
      advice: `Name its special tokens in \`specialTokens\`; it has: ${[...ids.keys()].join(', ') || 'none'}.`,
      data: { added: [...ids.keys()] },
    });
  }
  const end = ids.get(chosen.end)!;
  const isSaid = names?.begin !== undefined || chosen === TRAINED_SPECIALS;
  const begin = isSaid ? ids.get(chosen.begin!) : before[0];
  const pad = chosen.pad === undefined ? end : ids.get(chosen.pad)!;
  return begin === undefined ? { end, pad } : { begin, end, pad };
}
