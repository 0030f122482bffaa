import { readFile } from 'node:fs/promises';
import { type NamedJson, parseJsonFile } from '@eim/benchmarks';

/** Reads a JSON file that is scored. Errors name the line. */
export async function readNamedJson(path: string): Promise<NamedJson> {
  return parseJsonFile(path, await readFile(path));
}
