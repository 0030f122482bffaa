import { type Benchmark, EimError } from '@eim/contracts';
import { decodeText } from '@eim/contracts/json';
import type { QuestionSplits } from '../datasets/question-splits.js';
import { listedTasks, TASK_LIST } from './listed-tasks.js';
import { type MmeQuestion, readTaskQuestions } from './read-task.js';
import { MME_REFERENCE_LINES } from './reference-lines.js';
import { type MmeResponse, parseYesNo, scoreTask, type YesNo } from './score-tasks.js';
import { COGNITION, MME_TASKS, type MmeTask, PERCEPTION } from './tasks.js';

/** A question with where its picture lies in the data folder. */
export interface MmeItem extends MmeQuestion {
  readonly image: string;
}

/**
 * MME as a benchmark. Of a data folder it reads `<task>.txt`, or the published layout
 * `<task>/[questions_answers_YN/]<picture>.txt` with pictures beside or under `images/`. All tasks have to be there, or those that
 * `tasks.txt` in it lists; totals are then over these, and say so.
 */
export const mmeBenchmark: Benchmark<MmeItem, YesNo, boolean> = {
  name: 'mme',
  selectFiles: (paths) =>
    paths.filter((path) => path === TASK_LIST || (taskOf(path) !== undefined && path.endsWith('.txt'))),
  load(files) {
    const wanted = listedTasks(files);
    const byTask = new Map<MmeTask, MmeItem[]>(wanted.map((task) => [task, []]));
    for (const [path, bytes] of files) {
      const task = taskOf(path);
      if (task !== undefined) byTask.get(task)?.push(...readItems(path, task, bytes));
    }
    const missing = wanted.filter((task) => byTask.get(task)!.length === 0);
    if (missing.length === 0) return [...byTask.values()].flat();
    throw new EimError({
      code: 'missing-file',
      message:
        wanted.length === MME_TASKS.length
          ? `The questions of ${missing.length} of MME's ${MME_TASKS.length} tasks are not there: ${missing.join(', ')}.`
          : `The questions of ${missing.join(', ')} are not there, which ${TASK_LIST} lists.`,
      advice: `Give a folder with <task>.txt or <task>/<picture>.txt for each. One that is to hold some tasks alone lists them in ${TASK_LIST}.`,
      data: { missing },
    });
  },
  identify: ({ task, picture, question }) => `${task}/${picture}: ${question}`,
  picture: ({ image }) => image,
  prompt: ({ question }) => question,
  parse: parseYesNo,
  score: (given, { answer }) => given === answer,
  aggregate(given, items) {
    const responses = new Map<MmeTask, MmeResponse[]>();
    for (const [index, { task, answer }] of items.entries()) {
      const known = responses.get(task) ?? [];
      known.push({ task, answer, given: given[index]! });
      responses.set(task, known);
    }
    const present = MME_TASKS.filter((task) => responses.has(task));
    const tasks = present.map((task) => [task, scoreTask(responses.get(task)!)] as const);
    const totals = Object.entries({ perception: PERCEPTION, cognition: COGNITION }).flatMap(([name, all]) => {
      const scored = tasks.filter(([task]) => (all as readonly MmeTask[]).includes(task));
      const total = scored.reduce((sum, [, { score }]) => sum + score, 0);
      return scored.length === 0 ? [] : [{ name, total, share: scored.length / all.length }];
    });
    return {
      ...(present.length < MME_TASKS.length && {
        partOf: `${present.length} of MME's ${MME_TASKS.length} tasks: totals are not those of MME`,
      }),
      ...Object.fromEntries(totals.map(({ name, total }) => [name, total])),
      tasks: Object.fromEntries(tasks.map(([task, score]) => [task, { ...score }])),
      baselines: Object.fromEntries(
        MME_REFERENCE_LINES.map(({ name: line, ...whole }) => [
          line,
          Object.fromEntries(
            totals.map(({ name, share }) => [name, whole[name as keyof typeof whole] * share]),
          ),
        ]),
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
