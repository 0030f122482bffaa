import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EimError } from '@eim/contracts';
import type { PluginLoader } from '../../plugins/resolve-plugin.js';
import { packageEntry } from './package-entry.js';

export interface PluginLoaderOptions {
  /** Folder of the config file, looked in first. */
  readonly configFolder?: string | undefined;
  /** Looked in next. @default process.cwd() */
  readonly workingDirectory?: string;
  /** Packages that the program brings along, by name; imported when first used, looked in last. */
  readonly builtIns?: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>;
}

/** Finds plug-in packages as Node would from the config's folder, then the working directory, then built-ins. */
export function createPluginLoader({
  configFolder,
  workingDirectory = process.cwd(),
  builtIns = {},
}: PluginLoaderOptions = {}): PluginLoader {
  const folders = [...new Set([...(configFolder ? [resolve(configFolder)] : []), resolve(workingDirectory)])];
  return async (packageName) => {
    for (const folder of folders) {
      const entry = packageEntry(packageName, folder);
      if (entry === undefined) continue;
      return { found: true, manifest: await importDefault(packageName, entry), from: entry };
    }
    if (Object.hasOwn(builtIns, packageName)) {
      return { found: true, manifest: (await builtIns[packageName]!()).default, from: 'built in' };
    }
    const names = Object.keys(builtIns).join(', ');
    const lookedIn = folders.map((folder) => `${folder} and the folders above it`);
    return { found: false, lookedIn: [...lookedIn, ...(names ? [`the built-in packages (${names})`] : [])] };
  };
}

async function importDefault(packageName: string, entry: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(entry).href)) as { default?: unknown };
    return unwrap(module.default);
  } catch (cause) {
    throw new EimError({
      code: 'plugin-not-found',
      message: `The package '${packageName}' was found at ${entry}, but it cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}.`,
      advice: 'Install it anew, with its peer dependencies.',
      data: { packageName, entry },
      cause,
    });
  }
}

/** A CommonJS build keeps its default export one step deeper. */
const unwrap = (exported: unknown): unknown =>
  typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported
    ? exported.default
    : exported;
