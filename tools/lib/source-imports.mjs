import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)(['"])([^'"\n]+)\1/g;
const withoutComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');

/** What a source file imports, by specifier, types too. */
export function importsOf(file) {
  return [...withoutComments(readFileSync(file, 'utf8')).matchAll(SPECIFIER)].map(
    ([, , specifier]) => specifier,
  );
}

const OF_TYPES = /\b(?:im|ex)port\s+type\s[^;]*?\bfrom\s*(['"])[^'"\n]+\1/g;

/** The same without what is imported for its types alone, and so is not there when the program runs. */
export function valueImportsOf(file) {
  const text = withoutComments(readFileSync(file, 'utf8')).replace(OF_TYPES, '');
  return [...text.matchAll(SPECIFIER)].map(([, , specifier]) => specifier);
}

/** Every file that a conditional target of package.json's `imports` names under the condition eim-source. */
function sourcesIn(target) {
  if (typeof target === 'string') return target.includes('/src/') ? [target] : [];
  return Object.values(target).flatMap(sourcesIn);
}

/** The package's own files that a specifier stands for: one, or all that `#name` may be; none for other packages. */
export function filesOf(specifier, file, folder, manifest) {
  if (specifier.startsWith('#'))
    return sourcesIn(manifest.imports?.[specifier] ?? {}).map((path) => join(folder, path));
  if (!specifier.startsWith('.')) return [];
  const path = resolve(dirname(file), specifier);
  return [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].filter(existsSync).slice(0, 1);
}
