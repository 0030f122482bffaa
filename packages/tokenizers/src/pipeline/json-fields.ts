import { EimError } from '@eim/contracts';

/** An object of a `tokenizer.json`, whose fields are read by name: one that nobody reads is refused. */
export class JsonFields {
  private readonly values: Readonly<Record<string, unknown>>;

  /**
   * @param path where it stands, for messages
   * @throws EimError `invalid-data` where it is no object
   */
  constructor(
    value: unknown,
    readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw unfit(path, value, 'an object');
    }
    this.values = value as Record<string, unknown>;
  }

  /** @throws EimError naming the first field that is not one of these */
  only(...names: readonly string[]): void {
    const unknown = Object.keys(this.values).find((name) => !names.includes(name));
    if (unknown !== undefined) throw this.unfit(unknown, `left out (known here are ${names.join(', ')})`);
  }

  get(name: string): unknown {
    return this.values[name];
  }

  /** @throws EimError where it is no text, or absent without a default */
  text(name: string, absent?: string): string {
    return this.typed(name, 'a text', absent, (value) => typeof value === 'string');
  }

  flag(name: string, absent?: boolean): boolean {
    return this.typed(name, 'true or false', absent, (value) => typeof value === 'boolean');
  }

  /** A whole number of 0 and above. */
  count(name: string, absent?: number): number {
    const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
    return this.typed(name, 'a whole number', absent, isCount);
  }

  list(name: string): readonly unknown[] {
    return this.typed<readonly unknown[]>(name, 'a list', undefined, Array.isArray);
  }

  /** One of a few texts. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], absent?: Choice): Choice {
    const wanted = choices.map((choice) => `"${choice}"`).join(' or ');
    return this.typed(name, wanted, absent, (value) => choices.includes(value as Choice));
  }

  /**
   * What a table holds under the `type` of this object.
   * @throws EimError naming the types of the table where it has no such one of its own
   */
  ofType<Value>(table: Readonly<Record<string, Value>>): Value {
    const type = String(this.values.type);
    if (Object.hasOwn(table, type)) return table[type]!;
    throw this.unfit('type', `one of ${Object.keys(table).join(', ')}`);
  }

  /** The object under a name. */
  fields(name: string): JsonFields {
    return new JsonFields(this.values[name], `${this.path}.${name}`);
  }

  /** @throws EimError where it is not off: null, false, 0 or absent */
  off(...names: readonly string[]): void {
    const on = names.find((name) => this.values[name]);
    if (on !== undefined) throw this.unfit(on, 'off');
  }

  unfit(name: string, wanted: string): EimError {
    return unfit(this.path === '' ? name : `${this.path}.${name}`, this.values[name], wanted);
  }

  private typed<Value>(
    name: string,
    wanted: string,
    absent: Value | undefined,
    isWanted: (value: unknown) => boolean,
  ): Value {
    const value = this.values[name] ?? absent;
    if (isWanted(value)) return value as Value;
    throw this.unfit(name, wanted);
  }
}

/** The error for a part of a `tokenizer.json` that is not read exactly. */
export function unfit(path: string, value: unknown, wanted: string): EimError {
  const found = value === undefined ? '' : `, found ${JSON.stringify(value)?.slice(0, 60)}`;
  return new EimError({
    code: 'invalid-data',
    message: `This tokenizer.json is not read exactly here: ${path || 'tokenizer.json'} should be ${wanted}${found}.`,
    advice: 'Use the tokenizer.json of a model whose tokenizer is a byte-pair encoding, as it was published.',
    data: { field: path, value },
  });
}
