import { EimError } from '@eim/contracts';
import { refuse } from '../files/json-fields.js';
import { type MmeAnswer, type MmeQuestion, readTaskAnswers, readTaskQuestions } from './read-task.js';
import { MME_REFERENCE_LINES } from './reference-lines.js';
import { type MmeScores, scoreTasks, toResponse } from './score-tasks.js';
import { MME_TASKS, type MmeTask, OFFICIAL_QUESTIONS } from './tasks.js';

export interface MmeRequest {
  /** What to call the folder of answers in messages. */
  readonly folder: string;
  /** Contents of `<task>.txt`, by file name; other names are passed over and listed. */
  readonly answers: ReadonlyMap<string, Uint8Array>;
  /** The official questions, to check the answers against. */
  readonly questions?: ReadonlyMap<string, Uint8Array>;
}

export interface MmeResult extends MmeScores {
  readonly questions: number;
  /** Answers that are neither yes nor no; they count as wrong. */
  readonly other: number;
  /** Files that belong to no task. */
  readonly unknownFiles: readonly string[];
  /** Tasks whose number of questions is not the published one. */
  readonly incomplete: Partial<Record<MmeTask, { readonly given: number; readonly official: number }>>;
  /** Totals of systems that do not look at the picture, by name. */
  readonly baselines: Readonly<Record<string, { readonly perception: number; readonly cognition: number }>>;
}

/**
 * MME's scores of a folder of answers.
 * @throws EimError `missing-file` where a task is absent, `invalid-data` naming file and line
 */
export function scoreMme({ folder, answers, questions }: MmeRequest): MmeResult {
  const missing = MME_TASKS.filter((task) => !answers.has(fileOf(task)));
  if (missing.length > 0) {
    throw new EimError({
      code: 'missing-file',
      message: `${folder} lacks the answers to ${missing.length} of MME's ${MME_TASKS.length} tasks: ${missing.map(fileOf).join(', ')}.`,
      advice: 'Each task has a text file of its name.',
      data: { missing },
    });
  }
  const byTask = Object.fromEntries(
    MME_TASKS.map((task) => {
      const file = fileOf(task);
      const rows = readTaskAnswers(`${folder}/${file}`, task, answers.get(file)!);
      if (questions?.has(file)) {
        checkQuestions(`${folder}/${file}`, rows, readTaskQuestions(file, task, questions.get(file)!));
      }
      return [task, rows.map((row) => toResponse(row, row.response))];
    }),
  ) as Record<MmeTask, ReturnType<typeof toResponse>[]>;
  const scores = scoreTasks(byTask);
  const counts = MME_TASKS.map((task) => [task, byTask[task].length, OFFICIAL_QUESTIONS[task]] as const);
  return {
    ...scores,
    questions: counts.reduce((sum, [, given]) => sum + given, 0),
    other: MME_TASKS.reduce((sum, task) => sum + scores.tasks[task].other, 0),
    unknownFiles: [...answers.keys()].filter((name) => !MME_TASKS.some((task) => fileOf(task) === name)),
    incomplete: Object.fromEntries(
      counts
        .filter(([, given, official]) => given !== official)
        .map(([task, given, official]) => [task, { given, official }]),
    ),
    baselines: Object.fromEntries(
      MME_REFERENCE_LINES.map(({ name, perception, cognition }) => [name, { perception, cognition }]),
    ),
  };
}

function fileOf(task: MmeTask): string {
  return `${task}.txt`;
}

/** The same questions with the same right answers, in any order of pictures. */
function checkQuestions(
  file: string,
  answers: readonly MmeAnswer[],
  questions: readonly MmeQuestion[],
): void {
  const key = ({ picture, question }: MmeQuestion) => `${picture}\t${question}`;
  const open = new Map(questions.map((question) => [key(question), question]));
  for (const [index, row] of answers.entries()) {
    const official = open.get(key(row));
    if (official === undefined) refuse(file, `line ${index + 1}`, 'is no question of the benchmark');
    if (official.answer !== row.answer) {
      refuse(file, `line ${index + 1}`, `has ${row.answer} as the right answer, which is ${official.answer}`);
    }
    open.delete(key(row));
  }
  const [left] = open.values();
  if (left) {
    refuse(
      file,
      '',
      `answers ${answers.length} of ${questions.length} questions; the first that is missing is of ${left.picture}`,
    );
  }
}
