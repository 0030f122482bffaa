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

/** Every source file below a folder, but for what is installed, generated or recorded. */
export function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', '__fixtures__', '.turbo'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.(ts|tsx|mts|js|mjs)$/.test(entry.name)) yield path;
  }
}
