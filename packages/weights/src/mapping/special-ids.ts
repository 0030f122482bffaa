import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from './config-reader.js';

/** The special ids that a published model's description tells; what it tells not is absent. */
export interface SpecialIds {
  readonly specialTokens: { readonly begin?: number; readonly end?: number; readonly pad?: number };
  /** Ids that end an answer; empty where nothing ends one. */
  readonly stopTokens: number[];
}

/**
 * The special ids of Hugging Face's `config.json` and `generation_config.json`, as transformers 4.57 reads them: what
 * ends an answer stands in the latter alone where there is one, and nothing ends where it says null or nothing.
 * @param reader of the `config.json`
 * @param defaults ids that the family's config class has where `config.json` leaves them out
 */
export function huggingFaceSpecialIds(
  reader: ConfigReader,
  { name, generationConfig }: WeightsDescription,
  defaults: { readonly begin?: number; readonly end?: number; readonly vocabularySize: number },
): SpecialIds {
  const ends = reader.says('eos_token_id') || defaults.end === undefined ? [] : [defaults.end];
  const described = [...reader.ids('eos_token_id'), ...ends];
  const begin = reader.id('bos_token_id') ?? (reader.says('bos_token_id') ? undefined : defaults.begin);
  let pad = reader.id('pad_token_id');
  let stopTokens = described;
  if (generationConfig) {
    const generation = new ConfigReader(generationConfig, `${name} (generation_config.json)`);
    stopTokens = generation.ids('eos_token_id');
    pad ??= generation.id('pad_token_id');
    generation.finish();
  }
  if (pad !== undefined && pad >= defaults.vocabularySize)
    reader.fault(`pad_token_id is ${pad}, beyond the vocabulary of ${defaults.vocabularySize}`);
  const end = stopTokens[0] ?? described[0];
  return {
    specialTokens: {
      ...(begin !== undefined && { begin }),
      ...(end !== undefined && { end }),
      ...(pad !== undefined && { pad }),
    },
    stopTokens,
  };
}
