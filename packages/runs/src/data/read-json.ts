import { readFile } from 'node:fs/promises';
import { parseJsonFile } from '@eim/contracts/json';

/**
 * A JSON file, as Python's `json` reads it.
 * @throws EimError `invalid-file` naming the file and the line; system errors unchanged
 */
export async function readJson(path: string): Promise<unknown> {
  return parseJsonFile(path, await readFile(path));
}
