import { ApiError, fieldError } from '../http/api-error.js';

type Fields = Readonly<Record<string, unknown>>;

interface NumberRule {
  readonly minimum: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The fields of one object of a request. Each is read by name; `null` stands for an absent one, as in OpenAI's API. What was not
 * asked for by the end is refused by its name.
 */
export class RequestFields {
  readonly #fields: Fields;
  readonly #left: Set<string>;
  readonly #path: string;

  /** @param path of the object in the request, for messages; '' for the whole of it */
  constructor(value: unknown, path = '') {
    if (!isObject(value)) {
      if (path !== '') throw fieldError(path, `\`${path}\` must be an object.`);
      throw new ApiError({ status: 400, message: 'The body must be a JSON object.', code: 'invalid_type' });
    }
    this.#fields = value;
    this.#path = path;
    this.#left = new Set(Object.keys(value).filter((name) => value[name] !== null));
  }

  /** A field's name as messages and `param` have it. */
  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name) && this.#fields[name] !== null;
  }

  /** Undefined where it is absent or null. */
  value(name: string): unknown {
    this.#left.delete(name);
    return this.has(name) ? this.#fields[name] : undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'a text', (value) => typeof value === 'string') as string | undefined;
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  number(name: string, { minimum, maximum = Infinity, integer = false }: NumberRule): number | undefined {
    const kind = integer ? 'a whole number' : 'a number';
    const range = Number.isFinite(maximum)
      ? `from ${minimum} to ${maximum}`
      : Number.isFinite(minimum)
        ? `of at least ${minimum}`
        : '';
    const holds = (value: unknown) =>
      typeof value === 'number' &&
      (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
      value >= minimum &&
      value <= maximum;
    return this.#typed(name, `${kind} ${range}`.trimEnd(), holds) as number | undefined;
  }

  /** The fields of an object in this one. */
  nested(name: string, value: unknown): RequestFields {
    return new RequestFields(value, this.path(name));
  }

  /** @throws ApiError 400 where it is absent */
  required<Value>(name: string, value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw fieldError(this.path(name), `\`${this.path(name)}\` is missing.`, 'missing_required_parameter');
  }

  /** Fields that change no answer. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#left.delete(name);
  }

  /**
   * A field that is known and not supported: what says the same as leaving it out is let pass.
   * @param neutral whether a value changes nothing
   */
  refuse(name: string, neutral: (value: unknown) => boolean = () => false): void {
    const value = this.value(name);
    if (value !== undefined && !neutral(value)) throw this.#unsupported(name);
  }

  /** @throws ApiError 400 naming a field that was not asked for */
  end(): void {
    const [name] = this.#left;
    if (name !== undefined) throw this.#unsupported(name);
  }

  #typed(name: string, kind: string, holds: (value: unknown) => boolean): unknown {
    const value = this.value(name);
    if (value === undefined || holds(value)) return value;
    const path = this.path(name);
    throw fieldError(path, `\`${path}\` must be ${kind}.`, 'invalid_value');
  }

  #unsupported(name: string): ApiError {
    const path = this.path(name);
    return fieldError(path, `\`${path}\` is not supported here. Leave it out.`, 'unsupported_parameter');
  }
}
