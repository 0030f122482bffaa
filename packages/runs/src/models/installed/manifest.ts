import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../../context.js';
import { modelsFolder } from '../models-folder.js';

const MANIFEST = 'manifest.json';

const fileSchema = z.object({ path: z.string(), bytes: z.number(), sha256: z.string() });

const manifestSchema = z.object({
  format: z.literal(1),
  /** The name by which it was pulled. */
  name: z.string(),
  source: z.string(),
  /** What the source stood for at that time: a commit, or the SHA-256 of a wheel. */
  version: z.string(),
  licence: z.string().nullable(),
  /** Where the files lie: this folder, or one of the hub's cache. */
  folder: z.string(),
  /** What a loader is given, in `folder`; empty: the folder itself. */
  entry: z.string(),
  /** Whether removing the model deletes its files, because they were fetched for it. */
  owned: z.boolean(),
  /** Patterns of `--include`. */
  include: z.array(z.string()),
  files: z.array(fileSchema),
  /** When it was pulled (ISO 8601). */
  date: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = z.infer<typeof fileSchema>;

/** A model that was pulled. */
export interface Installation {
  /** Its folder among the models. */
  readonly home: string;
  readonly manifest: Manifest;
  /** What a loader is given. */
  readonly path: string;
  /** What is wrong with it: a clause. Absent where all files are there. */
  readonly fault?: string;
}

/** The installation in a folder; undefined where none was completed. */
export function readInstallation(home: string): Installation | undefined {
  const file = join(home, MANIFEST);
  if (!existsSync(file)) return undefined;
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
  return installationOf(home, manifest);
}

/** What a manifest says, and whether its files are there. */
export function installationOf(home: string, manifest: Manifest): Installation {
  const folder = isAbsolute(manifest.folder) ? manifest.folder : join(home, manifest.folder);
  const fault = faultOf(manifest, folder);
  return { home, manifest, path: join(folder, manifest.entry), ...(fault !== undefined && { fault }) };
}

/** The installation of a model by the name of its folder. */
export function findInstallation(folderName: string, environment: Environment): Installation | undefined {
  return readInstallation(join(modelsFolder(environment), folderName));
}

/** Every model that was pulled. Folders of work under way begin with a dot. */
export function allInstallations(environment: Environment): readonly Installation[] {
  const folder = modelsFolder(environment);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .flatMap((name) => readInstallation(join(folder, name)) ?? []);
}

export function manifestFile(home: string): string {
  return join(home, MANIFEST);
}

function faultOf({ files }: Manifest, folder: string): string | undefined {
  for (const { path, bytes } of files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false });
    if (found === undefined) return `${path} is missing`;
    if (found.size !== bytes) return `${path} has ${found.size} bytes in place of ${bytes}`;
  }
  return undefined;
}
