import { EimError } from '@eim/contracts';
import { shownJson } from '@eim/contracts/json';
import type { RepeatedName } from './find-repeated-names.js';

/** A parsed JSON document and what to call it in messages: usually its path. */
export interface NamedJson {
  readonly file: string;
  readonly json: unknown;
  /** The first name that stands twice in the document, or in the object of it that is named. Absent: not known. */
  readonly repeatedName?: (within?: string) => RepeatedName | undefined;
}

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

export function readText(file: string, where: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return refuse(file, where, `is ${describe(value)}, not a text`);
}

/** What a JSON value is, in words short enough for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return shownJson(value, 43);
}

const SHOWN = 3;

/** The first few of many names, for a message. */
export function listSome(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', ...' : '');
}
