import { idText } from '@eim/contracts/json';
import { describe, refuse } from '../files/json-fields.js';

/**
 * Captions by image id, in the order of the file; an empty list where a picture has none. Ids are strings: `42` and `"42"`
 * are the same.
 */
export type CaptionsById = ReadonlyMap<string, readonly string[]>;

/** An image id: a non-empty string or a whole number of any size. */
export function readId(file: string, where: string, value: unknown): string {
  return (
    idText(value) ??
    refuse(file, where, `is ${describe(value)}, not an image id (a whole number or a string)`)
  );
}

/** A caption; the empty one is allowed, as in the official program. */
export function readCaption(file: string, where: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return refuse(file, where, `is ${describe(value)}, not a caption (a string)`);
}

/** Captions of one picture; none where nobody described it. */
export function readCaptionList(file: string, where: string, value: unknown): string[] {
  if (!Array.isArray(value)) refuse(file, where, `is ${describe(value)}, not a list of captions`);
  return value.map((caption, index) => readCaption(file, `${where}[${index}]`, caption));
}
