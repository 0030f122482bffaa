import { EimError } from '@eim/contracts';
import { parseJsonFile as parseFile, shownJson, textOf } from '@eim/contracts/json';
import { findRepeatedName } from './find-repeated-names.js';
import type { JsonObject, NamedJson } from './json-fields.js';

/**
 * A JSON document in UTF-8, as Python's `json` reads it.
 * @param file what to call it in messages: usually its path
 * @throws EimError `invalid-file` naming the file and the line: bytes that are not UTF-8, a mistake of syntax, or a
 * document that was cut off
 */
export function parseJsonFile(file: string, bytes: Uint8Array): NamedJson {
  return {
    file,
    json: parseFile(file, bytes),
    repeatedName: (within) => findRepeatedName(textOf(file, bytes), within),
  };
}

/**
 * Entries of an object whose names are ids.
 * @param within the object's name, where it is an entry of the document
 * @throws EimError `invalid-file` naming the lines where an id stands twice: which entry is meant nobody knows
 */
export function entriesById(
  { file, repeatedName }: NamedJson,
  object: JsonObject,
  within?: string,
): [string, unknown][] {
  const repeated = repeatedName?.(within);
  if (repeated) {
    const { name, line, firstLine } = repeated;
    throw new EimError({
      code: 'invalid-file',
      message: `${file}: line ${line} has ${shownJson(name)} a second time in one object, after line ${firstLine}.`,
      advice: 'Keep one of the two.',
      data: { file, line, name },
    });
  }
  return Object.entries(object);
}
