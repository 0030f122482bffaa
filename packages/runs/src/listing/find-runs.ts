import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';

/** Folders of runs lie at most this deep below the one that is looked through: a demo makes two in a folder of its own. */
const DEEPEST = 3;

/** Whether a folder is that of a run: training writes both of these files before anything else. */
export const isRun = (folder: string): boolean =>
  existsSync(join(folder, 'config.yaml')) && existsSync(join(folder, 'env.json'));

/**
 * The run folders among and below some folders, each once, by their paths.
 * @throws EimError `missing-file` for a folder that does not exist
 */
export async function findRuns(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    if (!existsSync(folder)) {
      throw new EimError({
        code: 'missing-file',
        message: `${folder} does not exist.`,
        advice: 'Give the folder of a run, or one that holds runs.',
        data: { folder },
      });
    }
    for (const run of await runsBelow(resolve(folder), 0)) found.add(run);
  }
  return [...found].sort();
}

async function runsBelow(folder: string, depth: number): Promise<string[]> {
  if (isRun(folder)) return [folder];
  if (depth === DEEPEST) return [];
  // What cannot be read holds no run of ours.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
  );
  const found = await Promise.all(inside.map(({ name }) => runsBelow(join(folder, name), depth + 1)));
  return found.flat();
}
