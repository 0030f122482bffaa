import type { SpecialTokens } from '@eim/contracts';
import type { SurroundingTokens } from '../published/surrounding-tokens.js';
import type { GgufTokenizerMetadata } from './gguf-metadata.js';

/** What llama.cpp assumes where a file does not say. */
export interface GgufDefaults {
  /** Whether the begin token is put before a text. */
  readonly begin: boolean;
  readonly beginId: number;
  readonly endId: number;
}

/**
 * What `add_bos_token` and `add_eos_token` put around a text, and the tokens by which texts begin, end and are filled.
 * @throws EimError where a token is to be put that the file does not have
 */
export function ggufSurroundings(
  metadata: GgufTokenizerMetadata,
  defaults: GgufDefaults,
): { readonly surroundings: SurroundingTokens; readonly specialTokens: SpecialTokens } {
  const begin = metadata.id('bos', defaults.beginId);
  const end = metadata.id('eos', defaults.endId);
  const put = (id: number | undefined, flag: string, absent: boolean) => {
    if (!(metadata.flag(flag) ?? absent)) return [];
    if (id !== undefined) return [id];
    throw metadata.fault(`puts a token around texts that it does not name (tokenizer.ggml.${flag})`);
  };
  const before = put(begin, 'add_bos_token', defaults.begin);
  const after = put(end, 'add_eos_token', false);
  if (end === undefined) throw metadata.fault('has no end token (tokenizer.ggml.eos_token_id)');
  const pad = metadata.id('padding') ?? end;
  return {
    surroundings: { before, after },
    specialTokens: { ...(before.length > 0 && { begin: before[0]! }), end, pad },
  };
}
