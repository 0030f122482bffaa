import { describe, refuse } from '../files/json-fields.js';

/** Captions by image id, in the order of the file. Ids are strings: `42` and `"42"` are the same. */
export type CaptionsById = ReadonlyMap<string, readonly string[]>;

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
