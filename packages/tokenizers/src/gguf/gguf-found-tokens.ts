import type { GgufTokenizerMetadata } from './gguf-metadata.js';
import { ggufTokenKinds, TOKEN_KIND } from './gguf-token-kinds.js';
import { type FoundToken, inOrderOfSearch } from './partition-at-tokens.js';

/**
 * The tokens of a GGUF file that are found in a text before it is split, in the order of the search.
 * @param names texts of all tokens, by id
 */
export function ggufFoundTokens(metadata: GgufTokenizerMetadata, names: readonly string[]): FoundToken[] {
  const kinds = ggufTokenKinds(metadata);
  const strips = stripping(metadata);
  const found = names.flatMap((text, id): FoundToken[] => {
    const special = kinds[id] === TOKEN_KIND.control || kinds[id] === TOKEN_KIND.unknown;
    if (text === '' || !(special || kinds[id] === TOKEN_KIND.userDefined)) return [];
    return [{ id, text, special, ...strips(text) }];
  });
  return inOrderOfSearch(found);
}

/** White space that tokens take in: no key says so, and llama.cpp knows it by the names of models. */
function stripping(metadata: GgufTokenizerMetadata): (token: string) => Partial<FoundToken> {
  const kind = metadata.text('pre') ?? '';
  const model = String(metadata.values['general.name'] ?? '').toLowerCase();
  if (/jina-v2-(de|es|code)/.test(kind)) return (token) => ({ stripsLeft: token === '<mask>' });
  if (/phi-?3/.test(model)) {
    return (token) => ({ stripsRight: !['<unk>', '<s>', '<|endoftext|>'].includes(token) });
  }
  return (token) => ({ stripsLeft: model.includes('modern-bert') && token === '[MASK]' });
}
