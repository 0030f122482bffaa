import { type ClipParts, clipParts, END_OF_WORD } from './clip-parts.js';

/** What `ClipTokenizer.toJSON` gives. */
export const CLIP_JSON_TYPE = 'ClipBPE';

interface ClipJson {
  readonly type: typeof CLIP_JSON_TYPE;
  readonly variant?: 'original' | 'hf';
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: readonly string[];
}

interface ClipTokenizerJson {
  readonly model: { readonly vocab: unknown; readonly merges: readonly unknown[] };
}

export function isClipJson(json: unknown): json is ClipJson {
  return (json as Partial<ClipJson> | null)?.type === CLIP_JSON_TYPE;
}

/** Whether it is the `tokenizer.json` of Hugging Face's port: byte pairs with an end of each word. */
export function isClipTokenizerJson(json: unknown): json is ClipTokenizerJson {
  const { model } = (json ?? {}) as { readonly model?: Record<string, unknown> };
  return model?.end_of_word_suffix === END_OF_WORD && Array.isArray(model.merges);
}

/** @throws EimError `invalid-file` */
export function clipPartsOfJson(json: ClipJson | ClipTokenizerJson): ClipParts {
  if (isClipJson(json))
    return clipParts(json.vocabulary, Array.isArray(json.merges) ? json.merges : [], 'tokenizer.json');
  const merges = json.model.merges.map((merge) => (Array.isArray(merge) ? merge.join(' ') : String(merge)));
  return clipParts(json.model.vocab, merges, 'tokenizer.json');
}
