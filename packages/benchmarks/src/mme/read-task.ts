import { decodeText } from '@eim/contracts/json';
import { refuse } from '../files/json-fields.js';
import type { MmeTask } from './tasks.js';

/** One yes-or-no question; every picture has two. */
export interface MmeQuestion {
  readonly task: MmeTask;
  readonly picture: string;
  readonly question: string;
  readonly answer: 'yes' | 'no';
}

/** A question with what a model said. */
export interface MmeAnswer extends MmeQuestion {
  readonly response: string;
}

const COLUMNS = ['picture', 'question', 'the right answer', "the model's answer"];

/**
 * A task's answers in the official four columns, parted by tabs, two lines a picture.
 * @throws EimError naming file and line: another number of columns, a right answer that is neither yes nor no,
 * two lines that are not of one picture, a question twice
 */
export function readTaskAnswers(file: string, task: MmeTask, bytes: Uint8Array): MmeAnswer[] {
  return readLines(file, task, bytes, 4).map(({ question, cells }) => ({ ...question, response: cells[3]! }));
}

/** A task's questions: the first three columns alone; a fourth is passed over. */
export function readTaskQuestions(file: string, task: MmeTask, bytes: Uint8Array): MmeQuestion[] {
  return readLines(file, task, bytes, 3).map(({ question }) => question);
}

function readLines(file: string, task: MmeTask, bytes: Uint8Array, columns: 3 | 4) {
  const lines = decodeText(file, bytes).split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const seen = new Map<string, number>();
  const rows = lines.map((line, index) => {
    const row = readLine(file, task, line.replace(/\r$/, ''), index + 1, columns);
    const key = `${row.question.picture}\t${row.question.question}`;
    if (seen.has(key)) {
      refuse(file, `line ${index + 1}`, `asks the question of line ${seen.get(key)} a second time`);
    }
    seen.set(key, index + 1);
    return row;
  });
  if (rows.length === 0) refuse(file, '', 'holds no question');
  checkPairs(
    file,
    rows.map(({ question }) => question),
  );
  return rows;
}

function readLine(file: string, task: MmeTask, line: string, number: number, columns: 3 | 4) {
  const cells = line.split('\t');
  const fits = columns === 4 ? cells.length === 4 : cells.length === 3 || cells.length === 4;
  if (!fits) {
    refuse(
      file,
      `line ${number}`,
      `has ${cells.length} columns, not ${columns}`,
      `A line is ${COLUMNS.slice(0, columns).join(', ')}, parted by tabs; a tab or line break within an answer has to become a space.`,
    );
  }
  const [picture, question, right] = cells as [string, string, string];
  const answer = right.toLowerCase();
  if (answer !== 'yes' && answer !== 'no') {
    refuse(file, `line ${number}`, `has ${JSON.stringify(right)} as the right answer, not Yes or No`);
  }
  return { question: { task, picture, question, answer } as MmeQuestion, cells };
}

function checkPairs(file: string, questions: readonly MmeQuestion[]): void {
  for (let index = 0; index < questions.length; index += 2) {
    const [first, second] = [questions[index]!, questions[index + 1]];
    if (second?.picture === first.picture) continue;
    refuse(
      file,
      second ? `lines ${index + 1} and ${index + 2}` : `line ${index + 1}`,
      second
        ? `are of two pictures, ${first.picture} and ${second.picture}`
        : `is the only one of ${first.picture}`,
      'Every picture has two questions, one after the other.',
    );
  }
}
