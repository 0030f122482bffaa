import { EimError } from '@eim/contracts';

const PREFIX = 'tokenizer.ggml.';

/** The keys `tokenizer.ggml.*` of a GGUF file, by the rest of their names (ggml-org/ggml, docs/gguf.md). */
export class GgufTokenizerMetadata {
  readonly tokens: readonly string[];

  /**
   * @param file for messages
   * @throws EimError `invalid-data` where there is no tokenizer
   */
  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    readonly file: string,
  ) {
    this.tokens = this.texts('tokens') ?? [];
    if (this.tokens.length === 0) throw this.fault('has no tokenizer');
  }

  /** @throws EimError where it is there and no text */
  text(name: string): string | undefined {
    return this.typed(name, 'a text', (value): value is string => typeof value === 'string');
  }

  /** @throws EimError where it is there and no truth value */
  flag(name: string): boolean | undefined {
    return this.typed(name, 'true or false', (value): value is boolean => typeof value === 'boolean');
  }

  /** @throws EimError where it is there and no list of texts */
  texts(name: string): readonly string[] | undefined {
    return this.typed(name, 'a list of texts', isTexts);
  }

  /**
   * One number for each token.
   * @throws EimError where it is there and has fewer
   */
  numbers(name: string): ArrayLike<number> | undefined {
    const wanted = (value: unknown): value is ArrayLike<number> =>
      isNumbers(value) && value.length >= this.tokens.length;
    return this.typed(name, `a list of ${this.tokens.length} numbers, one for each token`, wanted);
  }

  /**
   * The id under `NAME_token_id`. One beyond the vocabulary counts as absent where nothing is put into a text by it, as
   * in llama.cpp: converters write a pad token that way.
   * @throws EimError where it is there and no id
   */
  id(name: string, absent?: number): number | undefined {
    const key = `${name}_token_id`;
    const value = this.values[PREFIX + key];
    if (name === 'padding' && typeof value === 'number' && value >= this.tokens.length) return undefined;
    const isId = (given: unknown): given is number =>
      Number.isSafeInteger(given) && (given as number) >= 0 && (given as number) < this.tokens.length;
    const id = this.typed(key, `an id below ${this.tokens.length}`, isId);
    return id ?? (isId(absent) ? absent : undefined);
  }

  fault(fault: string): EimError {
    return new EimError({
      code: 'invalid-data',
      message: `${this.file} ${fault}, which cannot be used.`,
      advice: 'Name the tokenizer of the same model: its tokenizer.json or tokenizer.model.',
      data: { file: this.file },
    });
  }

  private typed<Value>(
    name: string,
    wanted: string,
    isWanted: (value: unknown) => value is Value,
  ): Value | undefined {
    const value = this.values[PREFIX + name];
    if (value === undefined || value === null) return undefined;
    if (isWanted(value)) return value;
    throw this.fault(`has a \`${PREFIX}${name}\` that is not ${wanted}`);
  }
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  value instanceof Float32Array ||
  value instanceof Int32Array ||
  value instanceof Uint32Array ||
  (Array.isArray(value) && value.every((number) => typeof number === 'number'));
