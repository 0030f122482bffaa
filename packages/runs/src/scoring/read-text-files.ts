import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The `.txt` files of a folder, by name. */
export async function readTextFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}
