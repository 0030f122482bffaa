import { mcNemar } from '../statistics/mcnemar.js';
import { answerQuestions } from './answer-questions.js';
import { COLUMNS, type ScienceQaColumn } from './columns.js';
import { UNPARSED } from './parse-answer.js';
import type { ScienceQaPredictions } from './read-predictions.js';
import type { ScienceQaData } from './read-problems.js';
import { scoreChoices } from './score-choices.js';
import { selectSplit } from './select-split.js';
import { applyUnparsedRule, type UnparsedRule } from './unparsed-rule.js';

export interface ScienceQaRequest {
  readonly data: ScienceQaData;
  readonly predictions: ScienceQaPredictions;
  /** Another system's, for McNemar's test. */
  readonly against?: ScienceQaPredictions;
  /** @default 'test' */
  readonly split?: string;
  /** @default 'wrong' */
  readonly unparsed?: UnparsedRule;
  /** For `random`. @default 0 */
  readonly seed?: number;
}

/** Percentages by the official column names, then what they were computed over. */
export interface ScienceQaResult extends Partial<Record<ScienceQaColumn, number>> {
  readonly split: string;
  readonly questions: number;
  readonly correct: number;
  readonly unparsed: { readonly count: number; readonly rule: UnparsedRule; readonly seed?: number };
  /** Questions that the predictions do not answer: unparsed, too. */
  readonly missing: number;
  /** Answers to questions of other splits, left out. */
  readonly otherSplits: number;
  /** Why a column is not there. */
  readonly absent: Partial<Record<ScienceQaColumn, string>>;
  /** Binomial, in points of a percent. */
  readonly standardError: Partial<Record<ScienceQaColumn, number>>;
  readonly questionsByColumn: Partial<Record<ScienceQaColumn, number>>;
  readonly mcnemar?: {
    readonly against: string;
    /** The other system's average, by the same rule. */
    readonly AVG: number;
    readonly onlyThis: number;
    readonly onlyOther: number;
    readonly pValue: number;
  };
}

/**
 * ScienceQA's scores of one system's predictions.
 * @throws EimError for any fault of data or predictions; a question without an answer counts as unparsed, so
 * a score is never of fewer questions than the split has
 */
export function scoreScienceQa(request: ScienceQaRequest): ScienceQaResult {
  const { data, predictions, against, split = 'test', unparsed: rule = 'wrong', seed = 0 } = request;
  const questions = selectSplit(data, split);
  const finalChoices = (file: ScienceQaPredictions) => {
    const read = answerQuestions(questions, file, data);
    return { ...read, final: applyUnparsedRule(questions, read.choices, rule, seed) };
  };
  const { choices, final, missing, otherSplits } = finalChoices(predictions);
  const { columns, absent } = scoreChoices(questions, final);
  const byColumn = <Value>(value: (column: ScienceQaColumn) => Value) =>
    Object.fromEntries(
      COLUMNS.filter((column) => columns[column]).map((column) => [column, value(column)]),
    ) as Partial<Record<ScienceQaColumn, Value>>;
  const rights = (own: readonly number[]) => questions.map(({ answer }, index) => own[index] === answer);
  const other = against && finalChoices(against).final;
  const test = other && mcNemar(rights(final), rights(other));
  return {
    ...byColumn((column) => columns[column]!.accuracy),
    split,
    questions: questions.length,
    correct: columns.AVG!.correct,
    unparsed: {
      count: choices.filter((choice) => choice === UNPARSED).length,
      rule,
      ...(rule === 'random' && { seed }),
    },
    missing,
    otherSplits,
    absent,
    standardError: byColumn((column) => columns[column]!.standardError),
    questionsByColumn: byColumn((column) => columns[column]!.questions),
    ...(against &&
      other &&
      test && {
        mcnemar: {
          against: against.file,
          AVG: scoreChoices(questions, other).columns.AVG!.accuracy,
          onlyThis: test.onlyLeft,
          onlyOther: test.onlyRight,
          pValue: test.pValue,
        },
      }),
  };
}
