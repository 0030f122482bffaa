import type { ConfigReader, SpecialIds } from '@eim/weights';

/** llama.cpp's ids where a file leaves them out, by `tokenizer.ggml.model`. */
const DEFAULTS: ReadonlyMap<unknown, { readonly begin?: number; readonly end?: number }> = new Map([
  ['llama', { begin: 1, end: 2 }],
  ['gpt2', { end: 11 }],
]);

/**
 * The special ids of a GGUF file. An id beyond the vocabulary stands for none, as in llama.cpp; an answer also ends at
 * the end of a turn or of a message.
 */
export function ggufSpecialIds(
  reader: ConfigReader,
  tokenizerModel: unknown,
  vocabularySize: number,
): SpecialIds {
  const read = (name: string): number | undefined => {
    const id = reader.id(`tokenizer.ggml.${name}_token_id`);
    return id !== undefined && id < vocabularySize ? id : undefined;
  };
  const defaults = DEFAULTS.get(tokenizerModel) ?? {};
  const begin = read('bos') ?? defaults.begin;
  const end = read('eos') ?? defaults.end;
  const pad = read('padding');
  const stops = [end, read('eot'), read('eom')].filter((id) => id !== undefined);
  return {
    specialTokens: {
      ...(begin !== undefined && { begin }),
      ...(end !== undefined && { end }),
      ...(pad !== undefined && { pad }),
    },
    stopTokens: [...new Set(stops)],
  };
}
