import type { Row } from '@eim/contracts';

/** How well rows were answered. A share is absent if there are no rows of its kind. */
export interface AnsweredRowScores {
  /** Share of the rows with choices whose right choice was named. */
  readonly accuracy?: number;
  /** Share of the other rows whose answer is one of the given ones, ignoring letter case, spaces and punctuation at the ends. */
  readonly exactMatch?: number;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,;:!?"'()]+|[\s.,;:!?"'()]+$/g, '');

/**
 * The choice that an answer names: the one that it equals, else the longest one that it contains, if only one is that long.
 * @returns its index, or undefined where it names none or several
 */
export function chosenBy(answer: string, choices: readonly string[]): number | undefined {
  const said = plain(answer);
  const texts = choices.map(plain);
  const exact = texts.indexOf(said);
  if (exact >= 0) return exact;
  const held = texts.flatMap((text, index) => (text !== '' && holds(said, text) ? [index] : []));
  const longest = Math.max(0, ...held.map((index) => texts[index]!.length));
  const best = held.filter((index) => texts[index]!.length === longest);
  return best.length === 1 ? best[0] : undefined;
}

/** Whether a text contains another as whole words. */
function holds(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const behind = text[at + part.length] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(behind)) return true;
  }
  return false;
}

/** Whether a row was answered correctly, judged by its choices if it has some, else by its answers. */
export function isRight({ answers, choices }: Row, answer: string): boolean {
  if (!choices) return answers.some((right) => plain(right) === plain(answer));
  const chosen = chosenBy(answer, choices);
  return chosen !== undefined && answers.some((right) => chosenBy(right, choices) === chosen);
}

/** @param answers one for each row, in the order of the rows */
export function scoreAnsweredRows(rows: readonly Row[], answers: readonly string[]): AnsweredRowScores {
  const share = (of: (row: Row) => boolean): number | undefined => {
    const counted = rows.flatMap((row, index) => (of(row) ? [isRight(row, answers[index]!)] : []));
    return counted.length === 0 ? undefined : counted.filter(Boolean).length / counted.length;
  };
  const accuracy = share(({ choices }) => choices !== undefined);
  const exactMatch = share(({ choices }) => choices === undefined);
  return {
    ...(accuracy !== undefined && { accuracy }),
    ...(exactMatch !== undefined && { exactMatch }),
  };
}
