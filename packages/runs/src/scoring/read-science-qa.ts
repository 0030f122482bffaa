import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readProblems, type ScienceQaData, selectProblemFiles } from '@eim/benchmarks';

/**
 * Reads ScienceQA's questions from a folder, or from one file of problems.
 * @example
 * const { problems, splits } = await readScienceQa('ScienceQA/data/scienceqa');
 */
export async function readScienceQa(path: string): Promise<ScienceQaData> {
  if ((await stat(path)).isFile()) return readProblems(new Map([[basename(path), await readFile(path)]]));
  const names = selectProblemFiles(await readdir(path));
  return readProblems(
    new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const))),
  );
}
