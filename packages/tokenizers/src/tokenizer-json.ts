/** A token that stands outside byte-pair encoding. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Text spells it only where special tokens are parsed, and `decode` leaves it out. */
  readonly special: boolean;
  /** It is not found within a word. */
  readonly single_word: boolean;
  /** It takes in the white space before it. */
  readonly lstrip: boolean;
  /** It takes in the white space behind it. */
  readonly rstrip: boolean;
  /** It is looked for in normalised text. */
  readonly normalized: boolean;
}

/** A `tokenizer.json` of the byte-level BPE kind, in the layout that the Python and npm libraries read. */
export interface ByteBpeJson {
  readonly version: string;
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: { readonly type: 'Lowercase' } | null;
  readonly pre_tokenizer: {
    readonly type: 'ByteLevel';
    readonly add_prefix_space: boolean;
    readonly trim_offsets: boolean;
    readonly use_regex: boolean;
  };
  readonly post_processor: unknown;
  readonly decoder: { readonly type: 'ByteLevel'; readonly [option: string]: unknown };
  readonly model: {
    readonly type: 'BPE';
    readonly [option: string]: unknown;
    readonly vocab: Readonly<Record<string, number>>;
    /** `"left right"`, or pairs in newer files. */
    readonly merges: readonly (string | readonly [string, string])[];
  };
}

/** What distinguishes one byte-level BPE file from another. */
export interface ByteBpeParts {
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
  /** Tokens of the vocabulary that text never spells. */
  readonly specials: readonly string[];
  readonly lowercase: boolean;
}

/** The whole file: the Python library refuses one that leaves out any of these fields. */
export function byteBpeJson({ vocabulary, merges, specials, lowercase }: ByteBpeParts): ByteBpeJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content) => addedToken(vocabulary[content]!, content, true)),
    normalizer: lowercase ? { type: 'Lowercase' } : null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      // Symbols of bytes hold no space, so the older form is unambiguous, and every version reads it.
      merges: merges.map(([left, right]) => `${left} ${right}`),
    },
  };
}

/** Whether these are two tokens of a vocabulary that make a third. */
export function isMergeOf(
  vocabulary: Readonly<Record<string, unknown>>,
  pair: unknown,
): pair is [string, string] {
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((side) => typeof side === 'string'))
    return false;
  return [...pair, pair.join('')].every((token) => Object.hasOwn(vocabulary, token));
}

/** No vocabulary comes near the bound, and tables by id stay small. */
export function isTokenId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 24;
}

/** An added token as it is written in almost every file. */
export const addedToken = (id: number, content: string, special: boolean): AddedToken => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});
