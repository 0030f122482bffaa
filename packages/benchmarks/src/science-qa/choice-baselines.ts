import { toTwoDecimals } from '../format/to-two-decimals.js';
import { COLUMNS, selectColumn } from './columns.js';
import { LETTERS, type ScienceQaProblem } from './science-qa-problem.js';
import { scoreChoices } from './score-choices.js';

/**
 * What is reached without reading a question, in percent by column: the expectation of a random choice, and always the letter that
 * is right most often among these questions (the first such letter).
 */
export function choiceBaselines(
  problems: readonly ScienceQaProblem[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const random: Record<string, number> = {};
  for (const column of COLUMNS) {
    const members = selectColumn(problems, column);
    if (typeof members === 'string') continue;
    const expected = members.reduce((sum, index) => sum + 1 / problems[index]!.choices.length, 0);
    random[column] = toTwoDecimals((100 * expected) / members.length);
  }
  const counts = [...LETTERS].map((_, place) => problems.filter(({ answer }) => answer === place).length);
  const usual = counts.indexOf(Math.max(...counts));
  const always = scoreChoices(
    problems,
    problems.map(() => usual),
  ).columns;
  return {
    'random choice': random,
    [`always ${LETTERS[usual]}`]: Object.fromEntries(
      Object.entries(always).map(([column, { accuracy }]) => [column, accuracy]),
    ),
  };
}
