import type { GgufTokenizerMetadata } from './gguf-metadata.js';

/** What `toJSON` of a GGUF file's byte-level tokenizer gives. */
export const GGUF_JSON_TYPE = 'GGUF';

export interface GgufJson {
  readonly type: typeof GGUF_JSON_TYPE;
  /** The keys of the file that belong to the tokenizer. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function isGgufJson(json: unknown): json is GgufJson {
  const { type, metadata } = (json ?? {}) as Partial<GgufJson>;
  return type === GGUF_JSON_TYPE && typeof metadata === 'object' && metadata !== null;
}

/** Scores, which byte pairs do not need, are left out. */
export function ggufJson({ values }: GgufTokenizerMetadata): GgufJson {
  const kept = Object.entries(values).filter(
    ([key]) => key === 'general.name' || (key.startsWith('tokenizer.') && key !== 'tokenizer.ggml.scores'),
  );
  return {
    type: GGUF_JSON_TYPE,
    metadata: Object.fromEntries(
      kept.map(([key, value]) => [key, ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value]),
    ),
  };
}
