import { EimError } from '@eim/contracts';

type Config = Readonly<Record<string, unknown>>;

/**
 * Reads fields of a model's description; what it lacks or says wrongly is collected, and raised at once.
 *
 * Each field is read, refused unless it says what is computed anyway, or ignored by name. `unknown` lists the others.
 */
export class ConfigReader {
  private readonly known = new Set<string>();

  constructor(
    private readonly config: Config,
    /** For messages: the file that the description stands in. */
    private readonly name: string,
    private readonly faults: string[] = [],
    /** For messages: what stands before a field's name. */
    private readonly prefix = '',
  ) {}

  /** Whether the description has the field, be it null. */
  says(field: string): boolean {
    return this.value(field) !== undefined;
  }

  /** A number that must be there. */
  number(field: string): number {
    const value = this.optionalNumber(field);
    if (value !== undefined) return value;
    if (this.config[field] === undefined || this.config[field] === null) this.missing(field);
    return 1;
  }

  /** Undefined where it is absent or null. */
  optionalNumber(field: string): number | undefined {
    return this.optional(field, isNumber, 'a number');
  }

  /** An integer above 0. @param orElse where the field is absent; without it, it must be there */
  count(field: string, orElse?: number): number {
    return this.required(field, isCount, 'a positive integer', orElse) ?? 1;
  }

  /** As {@link count}; undefined where it is absent or null. */
  optionalCount(field: string): number | undefined {
    return this.optional(field, isCount, 'a positive integer');
  }

  /** A number above 0. @param orElse where the field is absent; without it, it must be there */
  positive(field: string, orElse?: number): number {
    return this.required(field, isPositive, 'a number above 0', orElse) ?? 1;
  }

  /** @param orElse where the field is absent */
  flag(field: string, orElse: boolean): boolean {
    return this.required(field, isFlag, 'true or false', orElse) ?? orElse;
  }

  /** What a name stands for. @param orElse where the field is absent; without it, it must be there */
  choice<Meaning>(field: string, meanings: Readonly<Record<string, Meaning>>, orElse?: Meaning): Meaning {
    const value = this.value(field);
    if (value === undefined && orElse !== undefined) return orElse;
    if (typeof value === 'string' && Object.hasOwn(meanings, value)) return meanings[value]!;
    const names = Object.keys(meanings);
    if (value === undefined) this.missing(field);
    else this.faults.push(`${this.prefix}${field} is ${shown(value)}, which is none of ${names.join(', ')}`);
    return Object.values(meanings)[0]!;
  }

  /** One id or a list of them, as `eos_token_id`; ids below 0 stand for none. */
  ids(field: string): number[] {
    const value = this.value(field);
    const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
    if (list.every((id) => Number.isInteger(id)) && !(Array.isArray(value) && value.length === 0))
      return (list as number[]).filter((id) => id >= 0);
    this.wrong(field, 'neither an id nor a list of ids');
    return [];
  }

  /** One id, as `bos_token_id`; undefined where it is absent, null or below 0. */
  id(field: string): number | undefined {
    const value = this.optional(field, Number.isInteger as (value: unknown) => value is number, 'an id');
    return value === undefined || value < 0 ? undefined : value;
  }

  /** An object inside; undefined where it is absent or null. Its faults are raised with this reader's. */
  section(field: string): ConfigReader | undefined {
    const value = this.optional(field, isObject, 'an object');
    return value && new ConfigReader(value, this.name, this.faults, `${this.prefix}${field}.`);
  }

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return Object.keys(this.config).length === 0;
  }

  /** Refuses a field that says something else: a feature that this package does not compute. An empty object says nothing. */
  allow(field: string, allowed: readonly unknown[]): void {
    const value = this.value(field);
    if (value === undefined || value === null || allowed.includes(value)) return;
    if (typeof value === 'object' && Object.keys(value).length === 0) return;
    const only = allowed.length > 0 ? `; only ${allowed.map(String).join(' or ')} is supported` : '';
    this.faults.push(`${this.prefix}${field} is ${shown(value)}${only || ', which is not computed'}`);
  }

  /** Refuses fields as {@link allow} does. @param rules values that may stand there, by field */
  refuse(rules: Readonly<Record<string, readonly unknown[]>>): void {
    for (const [field, allowed] of Object.entries(rules)) this.allow(field, allowed);
  }

  /** Names fields that change nothing of what is computed. */
  ignore(fields: readonly string[]): void {
    for (const field of fields) this.known.add(field);
  }

  /** Fields that were neither read nor refused nor ignored by name. */
  unknown(): string[] {
    return Object.keys(this.config).filter((field) => !this.known.has(field));
  }

  /** Refuses every field that is {@link unknown}, where a description is known to the last field. */
  refuseUnknown(): void {
    for (const field of this.unknown()) this.faults.push(`${this.prefix}${field} is not known`);
  }

  fault(message: string): void {
    this.faults.push(message);
  }

  /** @throws EimError `invalid-file` with all that was found wrong */
  finish(): void {
    if (this.faults.length === 0) return;
    throw new EimError({
      code: 'invalid-file',
      message: `The description of the model in ${this.name} cannot be used: ${this.faults.join('; ')}.`,
      advice: 'Give the files as they were published, or name the package and its preset.',
      data: { file: this.name, faults: this.faults },
    });
  }

  private value(field: string): unknown {
    this.known.add(field);
    return this.config[field];
  }

  private optional<Value>(
    field: string,
    holds: (value: unknown) => value is Value,
    what: string,
  ): Value | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    return this.required(field, holds, what);
  }

  private required<Value>(
    field: string,
    holds: (value: unknown) => value is Value,
    what: string,
    orElse?: Value,
  ): Value | undefined {
    const value = this.value(field);
    if (value === undefined && orElse !== undefined) return orElse;
    if (holds(value)) return value;
    if (value === undefined) this.missing(field);
    else this.wrong(field, `not ${what}`);
    return undefined;
  }

  private missing(field: string): void {
    this.faults.push(`${this.prefix}${field} is missing`);
  }

  private wrong(field: string, what: string): void {
    this.faults.push(`${this.prefix}${field} is ${shown(this.config[field])}, ${what}`);
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPositive = (value: unknown): value is number => isNumber(value) && value > 0;
const isCount = (value: unknown): value is number => isPositive(value) && Number.isSafeInteger(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a message shows it: JSON, but for numbers that JSON does not have. */
const shown = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
