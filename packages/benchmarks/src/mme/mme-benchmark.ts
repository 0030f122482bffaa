import { type Benchmark, EimError } from '@eim/contracts';
import { decodeText } from '@eim/contracts/json';
import type { QuestionSplits } from '../datasets/question-splits.js';
import { type MmeQuestion, readTaskQuestions } from './read-task.js';
import { MME_REFERENCE_LINES } from './reference-lines.js';
import { type MmeResponse, parseYesNo, scoreTasks, type YesNo } from './score-tasks.js';
import { MME_TASKS, type MmeTask } from './tasks.js';

/** A question with where its picture lies in the data folder. */
export interface MmeItem extends MmeQuestion {
  readonly image: string;
}

/**
 * MME as a benchmark. Of a data folder it reads `<task>.txt`, or the published layout
 * `<task>/[questions_answers_YN/]<picture>.txt` with pictures beside or under `images/`.
 */
export const mmeBenchmark: Benchmark<MmeItem, YesNo, boolean> = {
  name: 'mme',
  selectFiles: (paths) => paths.filter((path) => taskOf(path) !== undefined && path.endsWith('.txt')),
  load(files) {
    const byTask = new Map<MmeTask, MmeItem[]>(MME_TASKS.map((task) => [task, []]));
    for (const [path, bytes] of files) {
      const task = taskOf(path);
      if (task !== undefined) byTask.get(task)!.push(...readItems(path, task, bytes));
    }
    const missing = MME_TASKS.filter((task) => byTask.get(task)!.length === 0);
    if (missing.length === 0) return [...byTask.values()].flat();
    throw new EimError({
      code: 'missing-file',
      message: `The questions of ${missing.length} of MME's ${MME_TASKS.length} tasks are not there: ${missing.join(', ')}.`,
      advice: 'Give a folder with <task>.txt or <task>/<picture>.txt for each.',
      data: { missing },
    });
  },
  identify: ({ task, picture, question }) => `${task}/${picture}: ${question}`,
  picture: ({ image }) => image,
  prompt: ({ question }) => question,
  parse: parseYesNo,
  score: (given, { answer }) => given === answer,
  aggregate(given, items) {
    const responses = Object.fromEntries(MME_TASKS.map((task) => [task, [] as MmeResponse[]])) as Record<
      MmeTask,
      MmeResponse[]
    >;
    for (const [index, { task, answer }] of items.entries()) {
      responses[task].push({ task, answer, given: given[index]! });
    }
    const { perception, cognition, tasks } = scoreTasks(responses);
    return {
      perception,
      cognition,
      tasks: Object.fromEntries(Object.entries(tasks).map(([task, score]) => [task, { ...score }])),
      baselines: Object.fromEntries(
        MME_REFERENCE_LINES.map(({ name, ...totals }) => [name, { ...totals }] as const),
      ),
    };
  },
  rank: (given, items) => given.map((answer, index) => Number(answer === items[index]!.answer)),
  expected: ({ answer }) => answer,
};

function taskOf(path: string): MmeTask | undefined {
  const [folder = '', ...rest] = path.split('/');
  const name = rest.length === 0 ? folder.replace(/\.txt$/, '') : folder;
  return MME_TASKS.find((task) => task === name);
}

/** A file of a task, or of one picture: `question \t answer`, twice. */
function readItems(path: string, task: MmeTask, bytes: Uint8Array): MmeItem[] {
  if (!path.includes('/')) {
    return readTaskQuestions(path, task, bytes).map((question) => ({
      ...question,
      image: `${task}/${question.picture}`,
    }));
  }
  const stem = path
    .replace(/\.txt$/, '')
    .split('/')
    .at(-1)!;
  const lines = decodeText(path, bytes).trim().split('\n');
  const named = new TextEncoder().encode(lines.map((line) => `${stem}\t${line}`).join('\n'));
  const folder = path.includes('/questions_answers_YN/') ? `${task}/images` : task;
  return readTaskQuestions(path, task, named).map((question) => ({
    ...question,
    image: `${folder}/${stem}`,
  }));
}

/** MME's questions as rows of the one split `test`: the published question, answered by `Yes` or `No`. */
export function mmeQuestions(items: readonly MmeItem[]): QuestionSplits {
  const rows = items.map((item) => ({
    id: mmeBenchmark.identify(item),
    prompt: mmeBenchmark.prompt(item),
    answers: [item.answer === 'yes' ? 'Yes' : 'No'],
    choices: ['Yes', 'No'],
    picture: item.image,
  }));
  return { name: 'mme', splits: new Map([['test', rows]]), notes: [] };
}
