import type { ServedModel } from '@eim/runs/serving';
import type { BegunAnswers } from '../answering/begin-answers.js';
import { collectAnswers } from './collect-answers.js';
import { responseHead } from './response-head.js';
import { completionLogprobs } from './token-logprobs.js';

/** The body of a completion that is not streamed. */
export async function completion(answers: BegunAnswers, model: ServedModel) {
  const head = responseHead('cmpl', 'text_completion', model.id);
  const choices = (await collectAnswers(answers)).map(({ text, tokens, end }, index) => ({
    index,
    text,
    logprobs: completionLogprobs(tokens, model, 0),
    finish_reason: end,
  }));
  return { ...head, choices, usage: answers.usage() };
}

/** The events of a completion that is streamed. */
export async function* completionChunks(
  answers: BegunAnswers,
  model: ServedModel,
  includeUsage: boolean,
): AsyncGenerator<unknown, void, undefined> {
  const head = responseHead('cmpl', 'text_completion', model.id);
  const offsets = new Array<number>(answers.count).fill(0);
  for await (const { index, text, tokens, end = null } of answers.pieces) {
    if (text === '' && end === null && (tokens?.length ?? 0) === 0) continue;
    const logprobs = completionLogprobs(tokens, model, offsets[index]!);
    offsets[index]! += logprobs?.tokens.join('').length ?? 0;
    yield {
      ...head,
      choices: [{ index, text, logprobs, finish_reason: end }],
      ...(includeUsage && { usage: null }),
    };
  }
  if (includeUsage) yield { ...head, choices: [], usage: answers.usage() };
}
