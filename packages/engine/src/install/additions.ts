import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join('native', 'tensorflow');

/** What we compile into the binding beside its own sources. */
export interface Additions {
  /** The C++ files to compile. */
  readonly sources: readonly string[];
  /** Changes with any of their bytes. */
  readonly hash: string;
}

/** Our additions to the binding, in this package's folder whether it is built or not. */
export function findAdditions(): Additions {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, FOLDER)) && dirname(root) !== root) root = dirname(root);
  const folder = join(root, FOLDER);
  const files = readdirSync(folder).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  return {
    sources: files.filter((file) => file.endsWith('.cc')).map((file) => join(folder, file)),
    hash: hash.digest('hex').slice(0, 16),
  };
}
