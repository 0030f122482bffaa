/** A kind of token. */
export interface TokenRule {
  /** Anchored where it is tried (sticky). */
  readonly pattern: RegExp;
  /** The same for text of Latin-1 alone: Unicode's classes are large, and costly to compile. */
  readonly latinPattern: RegExp;
  /** Characters of what follows that count in the comparison of lengths. @default 0 */
  readonly context?: number;
  /** The token or tokens to write, where that is not the matched text. Letters are lowered afterwards. */
  readonly write?: (text: string) => string | readonly string[];
}

/** What is in Latin-1 of the classes that patterns are made of. */
const LATIN_CLASSES = [
  ['\\p{Lu}', '[A-Z\\u00c0-\\u00d6\\u00d8-\\u00de]'],
  ['\\p{L}\\u02c2-\\u036f', 'A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u00ff'],
  ['\\p{Nd}\\u00ad]', '0-9\\u00ad]'],
  ['\\p{Nd}', '[0-9]'],
] as const;

export function rule(source: string, write?: TokenRule['write'], flags = ''): TokenRule {
  return new LazyRule(source, `yu${flags}`, write);
}

/** The same, with some of what follows counted in the comparison of lengths. */
export function withLookahead(of: TokenRule, context: number): TokenRule {
  return Object.assign(of, { context });
}

/** Compiles a pattern when it is first tried: most texts need one of the two. */
class LazyRule implements TokenRule {
  readonly #source: string;
  readonly #flags: string;
  #pattern: RegExp | undefined;
  #latinPattern: RegExp | undefined;

  constructor(
    source: string,
    flags: string,
    readonly write: TokenRule['write'],
  ) {
    this.#source = source;
    this.#flags = flags;
  }

  get pattern(): RegExp {
    this.#pattern ??= new RegExp(this.#source, this.#flags);
    return this.#pattern;
  }

  get latinPattern(): RegExp {
    if (this.#latinPattern === undefined) {
      const source = LATIN_CLASSES.reduce((text, [all, latin]) => text.replaceAll(all, latin), this.#source);
      this.#latinPattern = new RegExp(source, this.#flags);
    }
    return this.#latinPattern;
  }
}
