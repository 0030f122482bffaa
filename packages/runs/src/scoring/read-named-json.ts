import { readFile } from 'node:fs/promises';
import { type NamedJson, parseJsonFile } from '@eim/benchmarks';

/** A JSON file that is scored: faults are named with their line, and no name may stand twice in an object. */
export async function readNamedJson(path: string): Promise<NamedJson> {
  return parseJsonFile(path, await readFile(path));
}
