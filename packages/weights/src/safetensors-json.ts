import { type JsonRules, JsonSyntaxError, parseJson } from '@eim/contracts/json';
import { fileFault } from './file-fault.js';

/** An object of a header, with equal names kept apart. */
export class HeaderObject {
  constructor(readonly entries: readonly (readonly [string, unknown])[]) {}
}

/** A number of a header that is no unsigned integer of 64 bits. */
export class HeaderFloat {
  constructor(readonly value: number) {}
}

const LARGEST_INTEGER = 2n ** 64n - 1n;

/** As the format's library reads JSON (serde_json): integers apart from other numbers, no words for what is no number. */
const RULES: JsonRules = {
  number: (literal) => {
    if (/^\d+$/.test(literal) && BigInt(literal) <= LARGEST_INTEGER) {
      return Number.isSafeInteger(Number(literal)) ? Number(literal) : BigInt(literal);
    }
    const value = Number(literal);
    if (Number.isFinite(value)) return new HeaderFloat(value);
    throw new RangeError('a number out of range');
  },
  object: (entries) => new HeaderObject(entries),
  words: new Map(),
  deepest: 127,
  loneSurrogates: false,
};

/**
 * The names and entries of a safetensors header.
 * @throws EimError `invalid-file`
 */
export function parseHeaderText(bytes: Uint8Array, file: string): HeaderObject['entries'] {
  const header = parse(decodeText(bytes, file), file);
  if (header instanceof HeaderObject) return header.entries;
  throw fileFault(file, 'its header is not a JSON object');
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw fileFault(file, 'its header is not valid UTF-8', {}, cause);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return parseJson(text, RULES);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    const fault = `its header is not valid JSON (${cause.message}, at character ${cause.position})`;
    throw fileFault(file, fault, {}, cause);
  }
}

/** A value of a header as JSON again, for messages. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof HeaderObject) return Object.fromEntries(item.entries);
    if (item instanceof HeaderFloat) return item.value;
    return typeof item === 'bigint' ? String(item) : item;
  });
  return text ?? 'missing';
}
