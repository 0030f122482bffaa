import { type AddedToken, addedToken } from '../tokenizer-json.js';
import type { TokenizerSettings } from './tokenizer-settings.js';

/**
 * Tokens of a vocabulary together with those that its settings list or name: those of the config replace others of the same text,
 * and named ones that are not there follow behind all others (transformers 4.57, `PreTrainedTokenizerFast.__init__`).
 * @param own those of the vocabulary file
 * @param idOf ids that the vocabulary has for texts that are not added tokens yet
 * @param size ids that the vocabulary has without any added token
 */
export function addedBySettings(
  own: readonly AddedToken[],
  settings: Pick<TokenizerSettings, 'added' | 'isListed' | 'named' | 'additional'>,
  idOf: (text: string) => number | undefined,
  size: number,
): AddedToken[] {
  const tokens = new Map(own.map((token) => [token.content, token]));
  for (const token of settings.added) {
    const before = tokens.get(token.content);
    if (before === undefined) tokens.set(token.content, token);
    else if (settings.isListed) tokens.set(token.content, replaced(before, token));
  }
  const names = [...settings.named.values(), ...settings.additional].filter((name) => name !== '');
  for (const name of names) {
    if (tokens.has(name)) continue;
    const last = Math.max(-1, ...Array.from(tokens.values(), ({ id }) => id));
    const next = last >= size ? last + 1 : size;
    tokens.set(name, addedToken(idOf(name) ?? next, name, true));
  }
  return [...tokens.values()];
}

/** What was special stays so, and what was found in the text as it stands is still found there. */
function replaced(before: AddedToken, token: AddedToken): AddedToken {
  return {
    ...token,
    special: before.special || token.special,
    normalized: before.normalized && token.normalized,
  };
}
