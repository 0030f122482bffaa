import { EimError } from '@eim/contracts';

/** The fields of a JSON file beside a vocabulary. One that is null counts as absent. */
export class ConfigFields {
  private readonly values: Readonly<Record<string, unknown>>;

  /**
   * @param file for messages
   * @throws EimError `invalid-data` where it is no object
   */
  constructor(
    value: unknown,
    private readonly file: string,
  ) {
    if (!isObject(value)) throw fault(file, 'should be an object');
    this.values = value;
  }

  names(): string[] {
    return Object.keys(this.values);
  }

  get(name: string): unknown {
    return this.values[name] ?? undefined;
  }

  /** These fields with those of another file in their place. */
  with(other: ConfigFields): ConfigFields {
    return new ConfigFields({ ...this.values, ...other.values }, this.file);
  }

  fields(name: string): ConfigFields {
    if (!isObject(this.values[name])) throw this.unfit(name, 'an object');
    return new ConfigFields(this.values[name], `${this.file}, ${name}`);
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.unfit(name, 'true or false');
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.unfit(name, 'a text');
  }

  /** A token, as its text or as an object with its `content`. */
  tokenText(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    return textOf(value) ?? this.refuse(name, 'a token');
  }

  /** A list of tokens; empty where it is absent. */
  tokenTexts(name: string): string[] {
    const value = this.get(name) ?? [];
    if (!Array.isArray(value)) throw this.unfit(name, 'a list of tokens');
    return value.map((token) => textOf(token) ?? this.refuse(name, 'a list of tokens'));
  }

  /** @throws EimError where it holds anything */
  empty(name: string): void {
    const value = this.get(name);
    if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) return;
    throw this.unfit(name, 'empty');
  }

  unfit(name: string, wanted: string): EimError {
    const found = JSON.stringify(this.values[name])?.slice(0, 60);
    return fault(this.file, `\`${name}\` should be ${wanted}, found ${found}`, { field: name });
  }

  private refuse(name: string, wanted: string): never {
    throw this.unfit(name, wanted);
  }
}

function textOf(token: unknown): string | undefined {
  const content = isObject(token) ? token.content : token;
  return typeof content === 'string' ? content : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fault(file: string, what: string, data: object = {}): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${file}: ${what}.`,
    advice: 'Copy or download the file again, or mend the field.',
    data: { file, ...data },
  });
}
