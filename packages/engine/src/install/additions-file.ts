import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILE = join('native', 'tensorflow', 'recorded_functions.cc');

/** Our addition to the binding, in this package's folder whether it is built or not. */
export function additionsFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, FILE)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, FILE);
}
