import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Reads the `.txt` files of a folder, by name.
 * @example
 * const answers = await readTextFiles('results/lavin-13b'); // 'existence.txt' and the other tasks
 */
export async function readTextFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}
