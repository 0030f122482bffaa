import { toTwoDecimals } from '../format/to-two-decimals.js';
import { COLUMNS, type ScienceQaColumn, selectColumn } from './columns.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

export interface ColumnScore {
  readonly questions: number;
  readonly correct: number;
  /** Percent, to two decimals as the official program prints it. */
  readonly accuracy: number;
  /** Of the accuracy, in points of a percent: `100 sqrt(p (1 - p) / n)`. */
  readonly standardError: number;
}

export interface ChoiceScores {
  readonly columns: Partial<Record<ScienceQaColumn, ColumnScore>>;
  /** Why a column is not there. */
  readonly absent: Partial<Record<ScienceQaColumn, string>>;
}

/** Accuracy by column, as ScienceQA's `evaluate_acc.py` computes it. Choices in the order of the questions. */
export function scoreChoices(
  questions: readonly ScienceQaProblem[],
  choices: readonly number[],
): ChoiceScores {
  const right = questions.map(({ answer }, index) => choices[index] === answer);
  const columns: Partial<Record<ScienceQaColumn, ColumnScore>> = {};
  const absent: Partial<Record<ScienceQaColumn, string>> = {};
  for (const column of COLUMNS) {
    const members = selectColumn(questions, column);
    if (typeof members === 'string') absent[column] = members;
    else columns[column] = columnScore(members.length, members.filter((index) => right[index]).length);
  }
  return { columns, absent };
}

function columnScore(questions: number, correct: number): ColumnScore {
  const share = correct / questions;
  return {
    questions,
    correct,
    accuracy: toTwoDecimals(share * 100),
    standardError: toTwoDecimals(100 * Math.sqrt((share * (1 - share)) / questions)),
  };
}
