import type { SpecialTokenNames } from '../special-tokens.js';
import type { AddedToken } from '../tokenizer-json.js';
import type { TokenizerSettings } from './tokenizer-settings.js';

/**
 * The end and pad tokens that settings name, where the vocabulary has them; undefined where no end token is named, so that
 * the families' conventions hold. What begins a text is what is put before it.
 */
export function settingNames(
  { named }: Pick<TokenizerSettings, 'named'>,
  added: readonly AddedToken[],
): Omit<SpecialTokenNames, 'begin'> | undefined {
  const known = new Set(added.map(({ content }) => content));
  const token = (field: string) => {
    const content = named.get(field);
    return content !== undefined && known.has(content) ? content : undefined;
  };
  const [end, pad] = [token('eos_token'), token('pad_token')];
  if (end === undefined) return undefined;
  return pad === undefined ? { end } : { end, pad };
}
