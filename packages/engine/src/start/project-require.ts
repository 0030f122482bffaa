import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface ProjectPackage {
  /** The package's folder. */
  readonly folder: string;
  /** Path or URL of the module itself. */
  readonly entry: string;
  load(): unknown;
}

/**
 * A package as the user's project sees it: from the working directory, then from beside this package.
 * Undefined where neither has it.
 */
export function projectPackage(name: string): ProjectPackage | undefined {
  for (const origin of [join(process.cwd(), 'resolve-from-here.js'), import.meta.url]) {
    const require = createRequire(origin);
    const folder = findFolder(require, name);
    if (folder === undefined) continue;
    try {
      const entry = require.resolve(name);
      return { folder, entry, load: () => require(name) };
    } catch {
      // The folder is there without its entry file: an interrupted install. The next origin may do better.
    }
  }
  return undefined;
}

function findFolder(require: NodeJS.Require, name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
