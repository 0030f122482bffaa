import { EimError, type Row, type Tokenizer } from '@eim/contracts';
import { type RowCut, type RowTokens, rowTokens } from '../../rows/row-tokens.js';
import { longestOf, type TextLength, textLengths } from './text-lengths.js';

export interface TokenisedRowsOptions {
  /** Greatest row length, begin and end tokens included. Absent: the longest row decides. */
  readonly maxTokens?: number | undefined;
  /** What longer rows lose. @default 'answer-first' */
  readonly cutRows?: RowCut | undefined;
  /** Lengths that rows with prompts are padded to. @default [64, 128, 256, 512] */
  readonly lengths?: readonly number[] | undefined;
  /** Greatest length that the model's context has room for. Absent: any. */
  readonly greatestLength?: number | undefined;
  /** A row without answers is taken for one with an empty answer, for objectives that know of it. @default false */
  readonly mayLackAnswers?: boolean | undefined;
}

/** All rows of a split as token ids. */
export interface TokenisedRows {
  /** Token ids: for each row, one entry for each of its answers. */
  readonly rows: readonly (readonly RowTokens[])[];
  /** Lengths that batches of this split may have, rising; one where no row has a prompt. */
  readonly lengths: readonly TextLength[];
  readonly hasPrompts: boolean;
  /** 1 where rows start with a begin token, which is given, never predicted and no part of a prompt; else 0. */
  readonly firstTarget: 0 | 1;
  readonly answerCount: number;
  /** Answers whose rows lost tokens to `maxTokens`. */
  readonly truncated: number;
}

/**
 * Tokenises every answer of a split once.
 * @throws EimError `invalid-data` for a row without answers, `invalid-argument` for `maxTokens` < 3
 */
export function tokeniseRows(
  rows: readonly Row[],
  tokenizer: Tokenizer,
  {
    maxTokens = Number.POSITIVE_INFINITY,
    cutRows,
    lengths,
    greatestLength,
    mayLackAnswers,
  }: TokenisedRowsOptions = {},
): TokenisedRows {
  if (maxTokens < 3) {
    throw new EimError({
      code: 'invalid-argument',
      message: `maxTokens is ${maxTokens}, which leaves no room for text between begin and end.`,
      advice: 'Set it to 3 or more.',
      data: { maxTokens },
    });
  }
  const tokenised = rows.map((row) => {
    if (row.answers.length === 0 && mayLackAnswers)
      return [rowTokens(row, '', tokenizer, maxTokens, cutRows)];
    if (row.answers.length > 0)
      return row.answers.map((answer) => rowTokens(row, answer, tokenizer, maxTokens, cutRows));
    throw new EimError({
      code: 'invalid-data',
      message: `Row ${row.id}${row.picture ? ` (${row.picture.source})` : ''} has no answer.`,
      advice: 'Give it one or leave it out of the split.',
      data: { id: row.id },
    });
  });
  const all = tokenised.flat();
  const hasPrompts = rows.some(({ prompt, earlier, system }) => Boolean(prompt || earlier?.length || system));
  return {
    rows: tokenised,
    lengths: textLengths(all, hasPrompts ? lengths : [], greatestLength),
    hasPrompts,
    firstTarget: tokenizer.specialTokens.begin === undefined ? 0 : 1,
    answerCount: all.length,
    truncated: all.reduce((sum, { cut }) => sum + (cut ? 1 : 0), 0),
  };
}

/** The least of a split's lengths that a batch of rows fits into. */
export function lengthFor({ lengths }: TokenisedRows, rows: readonly RowTokens[]): TextLength {
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  return lengths.find(({ length }) => length >= longest) ?? longestOf(lengths);
}
