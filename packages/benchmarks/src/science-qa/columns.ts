import type { ScienceQaProblem } from './science-qa-problem.js';

/** The nine columns of the published tables, in their order. */
export const COLUMNS = ['NAT', 'SOC', 'LAN', 'TXT', 'IMG', 'NO', 'G1-6', 'G7-12', 'AVG'] as const;
export type ScienceQaColumn = (typeof COLUMNS)[number];

interface ColumnRule {
  /** Whether a question belongs to the column; undefined where the data do not say. */
  readonly has: (problem: ScienceQaProblem) => boolean | undefined;
  /** What the data must say, for the reason of an absent column. */
  readonly needs: string;
}

const subject = (name: string): ColumnRule => ({
  has: (problem) => (problem.subject === undefined ? undefined : problem.subject === name),
  needs: 'the subject',
});

const grades = (first: number, last: number): ColumnRule => ({
  has({ grade }) {
    if (grade === undefined) return undefined;
    const year = Number(/^grade(\d+)$/.exec(grade)?.[1]);
    return year >= first && year <= last;
  },
  needs: 'the grade',
});

/** As ScienceQA's `evaluate_acc.py` selects them. */
const RULES: Readonly<Record<ScienceQaColumn, ColumnRule>> = {
  NAT: subject('natural science'),
  SOC: subject('social science'),
  LAN: subject('language science'),
  TXT: { has: ({ hasText }) => hasText, needs: 'whether a text is given' },
  IMG: { has: ({ hasImage }) => hasImage, needs: 'whether a picture is given' },
  NO: {
    has: ({ hasText, hasImage }) => (hasImage ? false : hasText === undefined ? undefined : !hasText),
    needs: 'whether a text is given',
  },
  'G1-6': grades(1, 6),
  'G7-12': grades(7, 12),
  AVG: { has: () => true, needs: '' },
};

/** The places of a column's questions, or why the data do not allow the column. */
export function selectColumn(
  questions: readonly ScienceQaProblem[],
  column: ScienceQaColumn,
): readonly number[] | string {
  const { has, needs } = RULES[column];
  const memberships = questions.map(has);
  const unknown = memberships.filter((membership) => membership === undefined).length;
  if (unknown > 0) {
    return `the data do not say ${needs} of ${unknown} of ${questions.length} questions; the official problems.json does`;
  }
  const members = [...memberships.keys()].filter((index) => memberships[index]);
  return members.length > 0 ? members : 'no question of this split belongs to it';
}
