import type { LanguageModel, RandomStream } from '@eim/contracts/model';
import { TextStream } from '@eim/core';
import { greatestIndices, isLikeliest, logSoftmax, nextToken } from '@eim/nn';
import type { AnswerEvent, AnsweredToken, AnswerRequest, RatedToken } from './answer-request.js';

export interface AnswerRowOptions {
  readonly request: AnswerRequest;
  readonly choice: number;
  readonly promptIds: readonly number[];
  readonly tokenizer: LanguageModel['tokenizer'];
  /** Tokens that it has room for, at most those that were asked for. */
  readonly limit: number;
  readonly stopTokens: readonly number[];
  /** Of sampling; absent: greedy. */
  readonly stream: RandomStream | undefined;
}

type AnswerPiece = Extract<AnswerEvent, { kind: 'piece' }>;

/** One answer that is being written. */
export class AnswerRow {
  readonly ids: number[] = [];
  readonly choice: number;
  ended = false;
  /** How many of its ids the model has read. */
  readCount = 0;
  readonly #options: AnswerRowOptions;
  readonly #text: TextStream;

  constructor(options: AnswerRowOptions) {
    const { promptIds, tokenizer, request, choice } = options;
    this.#options = options;
    this.choice = choice;
    this.#text = new TextStream(promptIds, tokenizer, request.stopStrings);
  }

  /** The token that the model reads next. */
  get last(): number {
    return this.ids.at(-1)!;
  }

  /** Whether the likeliest token is all that it needs of the scores. */
  get isGreedy(): boolean {
    const { request, stream } = this.#options;
    return request.likeliest === undefined && isLikeliest(request, stream);
  }

  /** Chooses the next token. @param scores `[vocabularySize]` */
  accept(scores: Float32Array): AnswerPiece {
    const { request, promptIds, stream } = this.#options;
    const id = nextToken(scores, [...promptIds, ...this.ids], request, stream);
    return this.append(
      id,
      request.likeliest === undefined ? undefined : ratedToken(scores, id, request.likeliest),
    );
  }

  /** Goes on with a token that has been chosen. */
  append(id: number, rated?: AnsweredToken): AnswerPiece {
    const { choice, limit, stopTokens } = this.#options;
    const stops = stopTokens.includes(id);
    this.readCount = this.ids.length;
    if (!stops) this.ids.push(id);
    const full = this.ids.length >= limit;
    const { text, stopped } = this.#text.push(stops ? [] : [id], stops || full);
    this.ended = stops || full || stopped;
    return {
      kind: 'piece',
      choice,
      text,
      ids: stops ? [] : [id],
      ...(rated && { tokens: stops ? [] : [rated] }),
      ...(this.ended && { end: stops || stopped ? 'stop' : 'length' }),
    };
  }
}

function ratedToken(scores: Float32Array, id: number, count: number): AnsweredToken {
  const logs = logSoftmax(scores);
  const rated = (each: number): RatedToken => ({ id: each, logProbability: logs[each]! });
  return { ...rated(id), likeliest: greatestIndices(logs, count).map(rated) };
}
