import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const CONDITIONS: ReadonlySet<string> = new Set('import module-sync node default'.split(' '));

/**
 * File that `import 'packageName'` would read from a folder, by Node's own rules (node_modules of the folder
 * and its parents, `exports` under the import conditions, `main`). Written out because Node 20 resolves from
 * another folder by `require` conditions alone, which packages of ES modules need not have.
 * @returns undefined where the package is not installed there
 */
export function packageEntry(packageName: string, folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const root = join(at, 'node_modules', packageName);
    if (existsSync(join(root, 'package.json'))) return entryOf(root);
    if (dirname(at) === at) return plugAndPlayEntry(packageName, folder);
  }
}

function entryOf(root: string): string | undefined {
  const { exports, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports?: unknown;
    main?: unknown;
  };
  const target = exports === undefined ? undefined : resolveTarget(exports);
  if (exports !== undefined) return target === undefined ? undefined : join(root, target);
  const file = join(root, typeof main === 'string' ? main : 'index.js');
  return existsSync(file) && statSync(file).isDirectory() ? join(file, 'index.js') : file;
}

/** The target of `.` in an `exports` field. */
function resolveTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) {
    for (const choice of exports) {
      const target = resolveTarget(choice);
      if (target !== undefined) return target;
    }
    return undefined;
  }
  if (typeof exports !== 'object' || exports === null) return undefined;
  if ('.' in exports) return resolveTarget(exports['.']);
  for (const [condition, choice] of Object.entries(exports)) {
    if (!CONDITIONS.has(condition)) continue;
    const target = resolveTarget(choice);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** Installers without node_modules teach `require` where packages are. */
function plugAndPlayEntry(packageName: string, folder: string): string | undefined {
  if (!('pnp' in process.versions)) return undefined;
  try {
    return createRequire(join(resolve(folder), 'config.yaml')).resolve(packageName);
  } catch {
    return undefined; // not among the user's packages; the next place is looked in
  }
}
