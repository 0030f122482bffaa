import type { ExportedGgufValue } from '@eim/contracts';
import { GgufTokenizerMetadata } from '../gguf-metadata.js';
import { ggufTokenKinds, TOKEN_KIND } from '../gguf-token-kinds.js';
import type { GgufKeys } from './gguf-keys.js';
import type { PaddedTokens } from './padded-tokens.js';

/** The keys that a byte-level tokenizer was read from; ids and chat templates are said anew. */
export function keysOfGguf(metadata: Readonly<Record<string, unknown>>, tokens: PaddedTokens): GgufKeys {
  const reader = new GgufTokenizerMetadata(metadata, 'tokenizer.json');
  const kinds = ggufTokenKinds(reader);
  const listed = reader.tokens.map((text, id) => {
    const kind = (kinds[id] ?? TOKEN_KIND.normal) as (typeof TOKEN_KIND)['normal'];
    return [id, { text, kind }] as const;
  });
  const text = (name: string): Record<string, ExportedGgufValue> => {
    const value = reader.text(name);
    return value === undefined ? {} : { [`tokenizer.ggml.${name}`]: { type: 'string', value } };
  };
  const addsEnd = reader.flag('add_eos_token');
  return {
    ...text('model'),
    ...text('pre'),
    ...tokens.keys(new Map(listed)),
    'tokenizer.ggml.merges': { type: 'strings', value: reader.texts('merges') ?? [] },
    ...(addsEnd !== undefined && {
      'tokenizer.ggml.add_eos_token': { type: 'bool', value: addsEnd } as const,
    }),
  };
}
