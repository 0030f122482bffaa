import type { Tokenizer } from '@eim/contracts';
import type { GenerateRequest, LanguageModel } from '@eim/contracts/model';
import type { PictureInput } from '../compose/encode-pictures.js';
import { type AnsweringModel, type AskedRow, promptIdsOf } from './asked-row.js';
import { openPrompts } from './open-prompts.js';
import { TextStream } from './text-stream.js';

/** Decoding is greedy unless `beams` or `temperature` say otherwise. */
export interface AnswerOptions
  extends Pick<
    GenerateRequest,
    'temperature' | 'topK' | 'topP' | 'repetitionPenalty' | 'beams' | 'lengthPenalty' | 'random' | 'signal'
  > {
  /** Pictures that rows show, each encoded once. Absent: all rows are text. */
  readonly pictures?: PictureInput | undefined;
  /** @default the LLM's own. Without any, rows must be given by ids, and answers consist of ids alone */
  readonly tokenizer?: Tokenizer | undefined;
  /** Absent: answers may fill the LLM's context. */
  readonly maxNewTokens?: number | undefined;
  /** Ids that end an answer, in addition to the LLM's own. */
  readonly stopTokens?: readonly number[] | undefined;
  /** An answer ends before the first of these texts; the text itself is left out. */
  readonly stopStrings?: readonly string[] | undefined;
  /** Treat the LLM's own stop tokens like any other token. @default false */
  readonly ignoreEnd?: boolean | undefined;
}

/** What is new of one row's answer. */
export interface AnswerPiece {
  /** Index of the row among those asked. */
  readonly row: number;
  readonly ids: readonly number[];
  /** New whole characters. Empty without a tokenizer, or while the next tokens still decide what the text will be. */
  readonly text: string;
  /** Present on the last piece of a row: what ended the answer. */
  readonly end?: 'stop' | 'length';
}

/** A whole answer. */
export interface Answer {
  readonly ids: readonly number[];
  /** Empty without a tokenizer. */
  readonly text: string;
  readonly end: 'stop' | 'length';
}

/**
 * Ids that end this LLM's answers.
 * @example
 * stopTokensOf(llm); // [50256] for GPT-2
 */
export const stopTokensOf = ({ stopTokens, specialTokens }: LanguageModel): readonly number[] =>
  stopTokens ?? [specialTokens.end];

/**
 * Answers rows side by side and yields what is new as it comes: captions of pictures, answers to questions about them, and
 * continuations of texts. Rows of one call may have prompts of any length, and pictures or none; no row influences another.
 * Leaving the iteration early frees what it holds. Beam search yields each row once, at the end.
 * @throws EimError `invalid-argument` where a row has nothing to continue, or prefix and prompt do not fit into the LLM's
 * context; the abort signal's reason
 * @example
 * for await (const { text } of answerRows({ llm }, [{ prompt: 'The sea is' }], { maxNewTokens: 20 })) {
 *   process.stdout.write(text);
 * }
 */
export async function* answerRows(
  model: AnsweringModel,
  rows: readonly AskedRow[],
  { pictures, stopTokens = [], stopStrings, ignoreEnd = false, maxNewTokens, ...options }: AnswerOptions = {},
): AsyncGenerator<AnswerPiece, void, undefined> {
  if (rows.length === 0) return;
  const { llm } = model;
  const { tokenizer = llm.tokenizer, ...decoding } = options;
  const promptIds = rows.map((row) => promptIdsOf(row, llm, tokenizer));
  const prompts = await openPrompts(model, { rows, promptIds, pictures });
  const streams = promptIds.map((ids) => new TextStream(ids, tokenizer, stopStrings));
  const limits = prompts.lengths.map((length) =>
    Math.min(maxNewTokens ?? Number.POSITIVE_INFINITY, llm.contextLength - length + 1),
  );
  const counts = rows.map(() => 0);
  const open = new Set(rows.keys());
  try {
    const steps = llm.generate({
      ...decoding,
      ...prompts.request,
      promptIds,
      maxNewTokens: Math.max(...limits),
      stopTokens: [...new Set([...(ignoreEnd ? [] : stopTokensOf(llm)), ...stopTokens])],
    });
    for await (const { ids: added, done } of steps) {
      for (const row of [...open]) {
        const ids = added[row]!;
        counts[row]! += ids.length;
        // Greedy decoding gives every open row an id at each step; one that got none has met a stop token.
        const ended = done || ids.length === 0 || counts[row]! >= limits[row]!;
        const { text, stopped } = streams[row]!.push(ids, ended);
        if (ended || stopped) open.delete(row);
        const end = stopped || counts[row]! < limits[row]! ? 'stop' : 'length';
        yield { row, ids, text, ...((ended || stopped) && { end }) };
      }
      if (open.size === 0) return;
    }
  } finally {
    prompts.dispose();
  }
}

/**
 * Runs {@link answerRows} to its end and joins the pieces.
 * @returns one answer for each row, in the order of the rows
 * @example
 * const [caption] = await answerAll(model, [{ picture: 0 }], { pictures: { pixels } });
 */
export async function answerAll(
  model: AnsweringModel,
  rows: readonly AskedRow[],
  options: AnswerOptions = {},
): Promise<Answer[]> {
  const answers = rows.map(() => ({ ids: [] as number[], text: '', end: 'length' as Answer['end'] }));
  for await (const { row, ids, text, end } of answerRows(model, rows, options)) {
    const answer = answers[row]!;
    answer.ids.push(...ids);
    answer.text += text;
    if (end) answer.end = end;
  }
  return answers;
}
