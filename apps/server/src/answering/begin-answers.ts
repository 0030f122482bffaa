import type { AnswerChoice, AnswerEvent, ServedModel, ServedPrompt } from '@eim/runs/serving';
import { ApiError } from '../http/api-error.js';
import type { RequestClock } from './request-clock.js';

/** A piece of one answer, by its index among the answers to all prompts of the request. */
export interface AnswerPiece extends Omit<Extract<AnswerEvent, { kind: 'piece' }>, 'kind' | 'choice'> {
  readonly index: number;
}

/** Tokens, as OpenAI's API counts them; a picture counts as many as the slots that it takes. */
export interface TokenUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
}

/** Answers that have begun. */
export interface BegunAnswers {
  readonly count: number;
  /** @throws ApiError where the work ended early */
  readonly pieces: AsyncGenerator<AnswerPiece, void, undefined>;
  /** So far. */
  usage(): TokenUsage;
}

/**
 * Waits for a place and until all prompts have begun.
 * @throws ApiError 429 where too many requests wait; EimError where the model cannot answer
 */
export async function beginAnswers(
  model: ServedModel,
  prompts: readonly ServedPrompt[],
  choice: Omit<AnswerChoice, 'signal'>,
  clock: RequestClock,
): Promise<BegunAnswers> {
  if (!model.hasRoom(prompts.length)) throw queueFull(clock.retryAfter(model));
  const { signal } = clock;
  const { choices = 1 } = choice;
  const asked: AsyncGenerator<AnswerEvent, void, undefined>[] = [];
  let [promptTokens, sharedTokens, newTokens] = [0, 0, 0];
  try {
    for (const prompt of prompts) asked.push(model.ask(prompt, { ...choice, signal }));
    for (const events of asked) {
      const { value } = await events.next();
      if (value?.kind !== 'begin') throw clock.endedEarly();
      promptTokens += value.promptTokens;
      sharedTokens += value.sharedTokens;
    }
  } catch (error) {
    await Promise.all(asked.map((events) => events.return()));
    throw error;
  }
  return { count: prompts.length * choices, pieces: pieces(), usage };

  async function* pieces(): AsyncGenerator<AnswerPiece, void, undefined> {
    let open = prompts.length * choices;
    for await (const { from, event } of merged(asked)) {
      if (event.kind === 'begin') continue;
      const { kind: _, choice: own, ...piece } = event;
      newTokens += piece.ids.length;
      clock.token(model);
      if (piece.end) open--;
      yield { ...piece, index: from * choices + own };
    }
    if (open > 0) throw clock.endedEarly();
  }

  function usage(): TokenUsage {
    return {
      prompt_tokens: promptTokens,
      completion_tokens: newTokens,
      total_tokens: promptTokens + newTokens,
      prompt_tokens_details: { cached_tokens: sharedTokens },
    };
  }
}

/** Events of several sources as they come. Leaving early leaves them all. */
async function* merged<Event>(
  sources: readonly AsyncGenerator<Event, void, undefined>[],
): AsyncGenerator<{ from: number; event: Event }, void, undefined> {
  const next = async (from: number) => ({ from, result: await sources[from]!.next() });
  const pending = new Map(sources.map((_, from) => [from, next(from)]));
  try {
    while (pending.size > 0) {
      const { from, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(from);
      else {
        pending.set(from, next(from));
        yield { from, event: result.value };
      }
    }
  } finally {
    for (const [from, promise] of pending) {
      promise.catch(() => {}); // it is told once, by the race
      void sources[from]!.return();
    }
  }
}

const queueFull = (seconds: number) =>
  new ApiError({
    status: 429,
    message: `Too many requests are waiting. Try again in ${seconds} s.`,
    type: 'rate_limit_error',
    code: 'queue_full',
    headers: { 'retry-after': String(seconds) },
  });
