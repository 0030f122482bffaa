import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';

export interface FileSearch {
  /** Names to look for in a folder; the first one found is taken. */
  readonly names: readonly RegExp[];
  /** What is looked for, for messages: `caption file`. */
  readonly kind: string;
  /** The names that are possible, in a sentence. */
  readonly advice: string;
}

/** The names in a folder, sorted; undefined where the path is a file. @throws EimError `missing-file` */
export async function listFolder(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch((cause) => {
    throw new EimError({
      code: 'missing-file',
      message: `The data set ${path} does not exist.`,
      advice: 'Give a file, or a folder that holds one.',
      data: { file: path },
      cause,
    });
  });
  return found.isDirectory() ? (await readdir(path)).sort() : undefined;
}

/**
 * The file at a path, or the one in the folder at the path.
 * @throws EimError `missing-file` naming what was looked for; `invalid-data` where a folder holds several
 */
export async function findDataFile(path: string, { names, kind, advice }: FileSearch): Promise<string> {
  const entries = await listFolder(path);
  if (!entries) return path;
  for (const name of names) {
    const matches = entries.filter((entry) => name.test(entry));
    if (matches.length === 1) return join(path, matches[0]!);
    if (matches.length > 1) {
      throw new EimError({
        code: 'invalid-data',
        message: `${path} holds more than one ${kind}: ${matches.join(', ')}.`,
        advice: 'Name the one that is meant.',
        data: { folder: path, files: matches },
      });
    }
  }
  throw new EimError({
    code: 'missing-file',
    message: `${path} holds no ${kind}.`,
    advice,
    data: { folder: path },
  });
}
