import type { Tokenizer } from '@eim/contracts';
import type { Batch, ModelParts, RandomStream } from '@eim/contracts/model';
import { answerAll } from '../../../answering/answer-rows.js';
import type { AskedBatchRow } from '../given-answers/row-texts.js';

export interface AnswerBatchOptions {
  /** Greatest length of a row, prompt and end token included. */
  readonly length: number;
  /** Greatest length of an answer. */
  readonly maxNewTokens: number | undefined;
  readonly tokenizer: Tokenizer;
  /** Answers are drawn from the model's distribution. Absent: each token is the likeliest. */
  readonly random?: RandomStream;
}

/** An answer as a target. */
export interface BatchAnswer {
  /** With the end token, unless the answer was cut. */
  readonly ids: readonly number[];
  readonly text: string;
}

/** The model's answers to rows of a batch, cut where they would be longer than a row of the batch may be. */
export async function answerBatch(
  parts: ModelParts,
  { pixels, features }: Batch,
  rows: readonly AskedBatchRow[],
  { length, maxNewTokens = Number.POSITIVE_INFINITY, tokenizer, random }: AnswerBatchOptions,
): Promise<BatchAnswer[]> {
  const rooms = rows.map(({ promptIds }) => Math.min(maxNewTokens, length - promptIds.length));
  const asked = rows.map(({ promptIds, picture }) => ({
    ids: promptIds,
    ...(picture !== undefined && { picture }),
  }));
  const answers = await answerAll(parts, asked, {
    pictures: { pixels, features },
    maxNewTokens: Math.max(...rooms),
    tokenizer,
    ...(random && { temperature: 1, random }),
  });
  const { end } = tokenizer.specialTokens;
  return answers.map(({ ids, end: ended }, row) => {
    const whole = ended === 'stop' ? [...ids, end] : ids;
    const kept = whole.slice(0, rooms[row]!);
    return { ids: kept, text: tokenizer.decode(kept.filter((id) => id !== end)) };
  });
}
