import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetContext } from '@eim/contracts';
import { questionDataset } from '../datasets/question-splits.js';
import { readProblems, selectProblemFiles } from '../science-qa/read-problems.js';
import { type ScienceQaSettings, scienceQaQuestions } from '../science-qa/science-qa-questions.js';
import { openQuestionPictures } from './open-question-pictures.js';

/**
 * ScienceQA from its data folder: `problems.json`, `pid_splits.json`, and pictures as `<split>/<pid>/image.png`.
 * @throws EimError for any fault of the files; `missing-file` for pictures that are not there
 */
export async function openScienceQa(
  settings: ScienceQaSettings,
  { signal }: DatasetContext = {},
): Promise<Dataset> {
  const { path, limit } = settings;
  const files = new Map<string, Uint8Array>();
  for (const name of selectProblemFiles(await readdir(path)))
    files.set(name, await readFile(join(path, name)));
  const questions = scienceQaQuestions(readProblems(files), settings);
  return questionDataset(questions, await openQuestionPictures(questions, settings, signal), limit);
}
