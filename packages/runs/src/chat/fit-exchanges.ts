import { argumentError } from '../arguments/argument-error.js';

/** How much of a model's context a question may take. */
export interface ContextRoom {
  /** Positions of the LLM. */
  readonly contextLength: number;
  /** Positions that a picture takes. */
  readonly prefixLength: number;
  /** Longest answer in tokens. */
  readonly maxNewTokens: number;
}

/** The share of the context that is kept free for an answer, where the longest answer is not shorter. */
const ANSWER_SHARE = 1 / 4;

/**
 * How many of the oldest exchanges have to go, so that the others fit into the context together with the room for an
 * answer: its greatest length, but at most a quarter of the context. The system message and the question always stay.
 * @param count tokens of everything where so many of the oldest exchanges are left out
 * @throws EimError `invalid-argument` where not even system message and question leave room for one token
 * @example
 * fitExchanges(5, { contextLength: 100, prefixLength: 10, maxNewTokens: 50 }, (dropped) => 120 - 20 * dropped); // 3
 */
export function fitExchanges(
  exchanges: number,
  { contextLength, prefixLength, maxNewTokens }: ContextRoom,
  count: (dropped: number) => number,
): number {
  const answer = Math.max(1, Math.min(maxNewTokens, Math.floor(contextLength * ANSWER_SHARE)));
  for (let dropped = 0; dropped <= exchanges; dropped++) {
    const room = dropped === exchanges ? 1 : answer;
    if (prefixLength + count(dropped) + room <= contextLength) return dropped;
  }
  const alone = count(exchanges);
  const picture = prefixLength > 0 ? `, and a picture ${prefixLength}` : '';
  throw argumentError(
    `The message does not fit into the model's context of ${contextLength} tokens: with the system message it takes ${alone}${picture}.`,
    'Shorten the message or the system message, or take a model of a longer context.',
  );
}
