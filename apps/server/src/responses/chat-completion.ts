import type { ServedModel } from '@eim/runs/serving';
import type { BegunAnswers } from '../answering/begin-answers.js';
import { collectAnswers } from './collect-answers.js';
import { responseHead } from './response-head.js';
import { chatLogprobs } from './token-logprobs.js';

/** The body of a chat completion that is not streamed. */
export async function chatCompletion(answers: BegunAnswers, model: ServedModel) {
  const head = responseHead('chatcmpl', 'chat.completion', model.id);
  const choices = (await collectAnswers(answers)).map(({ text, tokens, end }, index) => ({
    index,
    message: { role: 'assistant', content: text, refusal: null },
    logprobs: chatLogprobs(tokens, model),
    finish_reason: end,
  }));
  return { ...head, choices, usage: answers.usage() };
}

/** The events of a chat completion that is streamed: for each answer its role, its pieces, and why it ended. */
export async function* chatCompletionChunks(
  answers: BegunAnswers,
  model: ServedModel,
  includeUsage: boolean,
): AsyncGenerator<unknown, void, undefined> {
  const head = responseHead('chatcmpl', 'chat.completion.chunk', model.id);
  const usage = includeUsage ? { usage: null } : {};
  const chunk = (index: number, delta: object, logprobs: unknown, end: string | null) => ({
    ...head,
    choices: [{ index, delta, logprobs, finish_reason: end }],
    ...usage,
  });
  for (let index = 0; index < answers.count; index++) {
    yield chunk(index, { role: 'assistant', content: '' }, null, null);
  }
  for await (const { index, text, tokens, end } of answers.pieces) {
    if (text !== '' || (tokens?.length ?? 0) > 0) {
      yield chunk(index, { content: text }, chatLogprobs(tokens, model), null);
    }
    if (end) yield chunk(index, {}, null, end);
  }
  if (includeUsage) yield { ...head, choices: [], usage: answers.usage() };
}
