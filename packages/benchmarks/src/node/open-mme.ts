import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetContext } from '@eim/contracts';
import type { FolderSettings } from '../datasets/folder-settings.js';
import { questionDataset } from '../datasets/question-splits.js';
import { mmeBenchmark, mmeQuestions } from '../mme/mme-benchmark.js';
import { MME_TASKS } from '../mme/tasks.js';
import { openQuestionPictures } from './open-question-pictures.js';

/**
 * MME from its data folder: `<task>.txt`, or a folder for each task in one of the published layouts.
 * @throws EimError for any fault of the files; `missing-file` for tasks and pictures that are not there
 */
export async function openMme(settings: FolderSettings, { signal }: DatasetContext = {}): Promise<Dataset> {
  const { path, limit } = settings;
  const files = new Map<string, Uint8Array>();
  for (const name of mmeBenchmark.selectFiles!(await listTaskFiles(path))) {
    files.set(name, await readFile(join(path, name)));
  }
  const questions = mmeQuestions(mmeBenchmark.load(files));
  return questionDataset(questions, await openQuestionPictures(questions, settings, signal), limit);
}

/** Paths below the data folder that may hold questions, with `/`. Links to folders are followed. */
async function listTaskFiles(path: string): Promise<string[]> {
  const entries = await readdir(path);
  const inside = MME_TASKS.filter((task) => entries.includes(task)).map(async (task) => {
    const names = await readdir(join(path, task));
    const nested = names.includes(QUESTIONS) ? await readdir(join(path, task, QUESTIONS)) : [];
    return [...names, ...nested.map((name) => `${QUESTIONS}/${name}`)].map((name) => `${task}/${name}`);
  });
  return [...entries, ...(await Promise.all(inside)).flat()].sort();
}

const QUESTIONS = 'questions_answers_YN';
