import { EimError } from '@eim/core/contracts';

/** A parsed JSON document and what to call it in messages: usually its path. */
export interface NamedJson {
  readonly file: string;
  readonly json: unknown;
}

/** Captions by image id, in the order of the file. Ids are strings: `42` and `"42"` are the same. */
export type CaptionsById = ReadonlyMap<string, readonly string[]>;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws EimError `invalid-data` that names the file, the entry and the field */
export function refuse(file: string, where: string, problem: string, advice?: string): never {
  throw new EimError({
    code: 'invalid-data',
    message: `${file}: ${where === '' ? '' : `${where} `}${problem}.`,
    ...(advice === undefined ? {} : { advice }),
    data: { file, where },
  });
}

export function readObject(file: string, where: string, value: unknown): JsonObject {
  if (!isObject(value)) refuse(file, where, `is ${describe(value)}, not an object`);
  return value;
}

/** An image id: a non-empty string or a finite number. */
export function readId(file: string, where: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return refuse(file, where, `is ${describe(value)}, not an image id (a number or a string)`);
}

/** A caption; the empty one is allowed, as in the official program. */
export function readCaption(file: string, where: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return refuse(file, where, `is ${describe(value)}, not a caption (a string)`);
}

export function readCaptionList(file: string, where: string, value: unknown): string[] {
  if (!Array.isArray(value)) refuse(file, where, `is ${describe(value)}, not a list of captions`);
  if (value.length === 0) {
    refuse(
      file,
      where,
      'is empty: a picture needs at least one reference',
      'Remove the picture or add a caption.',
    );
  }
  return value.map((caption, index) => readCaption(file, `${where}[${index}]`, caption));
}

/** What a JSON value is, in words short enough for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
