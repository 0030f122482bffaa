import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './processes.mjs';

/** Folders of every package of the workspace, in a fixed order. */
export function workspaceFolders() {
  return ['packages', 'apps', 'examples']
    .map((parent) => join(repositoryRoot, parent))
    .filter(existsSync)
    .flatMap((parent) =>
      readdirSync(parent)
        .sort()
        .map((name) => join(parent, name)),
    )
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The packages that go to npm. */
export function publishedPackages() {
  return workspaceFolders()
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private);
}

const JAVASCRIPT = /\.(ts|tsx|mts|js|mjs)$/;
const OTHER_LANGUAGES = /\.(c|cc|h|py|java|rs|sh)$/;

/** Every TypeScript or JavaScript file below a folder, but for what is installed, generated or recorded. */
export function sourceFiles(folder) {
  return filesBelow(folder, JAVASCRIPT);
}

/** Every source file in another language, with the same exceptions. */
export function foreignSourceFiles(folder) {
  return filesBelow(folder, OTHER_LANGUAGES);
}

function* filesBelow(folder, wanted) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', '__fixtures__', '.turbo'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, wanted);
    else if (wanted.test(entry.name)) yield path;
  }
}
