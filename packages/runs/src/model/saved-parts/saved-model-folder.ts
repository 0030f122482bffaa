import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolder } from '../../run-folder/run-folder.js';
import { unfinishedRun } from '../load-run-model.js';

const isSavedModel = (folder: string): boolean => existsSync(join(folder, 'model.json'));

/**
 * The folder of a saved model that a path of weights names: its own folder, or that of the run that trained it.
 * @returns undefined where the path names published weights
 * @throws EimError `missing-file` for a run that holds no trained model yet
 */
export function savedModelFolder(path: string): string | undefined {
  if (isSavedModel(path)) return path;
  if (!existsSync(join(path, 'config.yaml')) || !existsSync(join(path, 'env.json'))) return undefined;
  const run = RunFolder.open(path);
  if (isSavedModel(run.modelFolder)) return run.modelFolder;
  throw unfinishedRun(run);
}
