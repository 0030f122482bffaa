import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * All files below a folder, relative to it with `/` between, sorted. Links are followed, as data sets are often linked
 * and not copied; a link that leads back to a folder around it, or to nothing, is skipped.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  await addFiles(folder, '', [], files);
  return files.sort();
}

async function addFiles(folder: string, before: string, above: readonly string[], files: string[]) {
  const real = await realpath(folder);
  if (above.includes(real)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (target?.isDirectory()) await addFiles(path, `${before}${entry.name}/`, [...above, real], files);
    else if (target?.isFile()) files.push(before + entry.name);
  }
}
