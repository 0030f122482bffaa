import type { EimError } from '@eim/contracts';
import { pictureDataUrl } from '@eim/images';
import { argumentError } from '../../arguments/argument-error.js';
import type { Decoding } from '../../evaluation/decoding.js';
import type { Answerer, Question } from '../answer-items.js';
import { sha256 } from '../sha256.js';
import type { ApiConnection } from './api-connection.js';
import { unknownModel } from './api-model.js';
import { lacksModel, wantsNewerLimit } from './api-refusal.js';

export interface ApiAnswererOptions {
  readonly connection: ApiConnection;
  readonly model: string;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  /** Requests at once. */
  readonly concurrency: number;
}

/**
 * A server that is asked by `/chat/completions`: each question is the one message of a chat, its picture a data: URL. An answer without a
 * text, such as a refusal, counts as an empty one.
 * @throws EimError from `answer`, with the server's own words
 */
export function apiAnswerer(options: ApiAnswererOptions): Answerer {
  const { connection, model, concurrency } = options;
  let limitName = 'max_tokens';
  const complete = (question: Question, signal: AbortSignal) =>
    connection.send({
      path: '/chat/completions',
      body: chatRequest(question, limitName, options),
      asked: `"${question.item.id}"`,
      signal,
    });
  const ask = async (question: Question, signal: AbortSignal): Promise<unknown> => {
    try {
      return await complete(question, signal);
    } catch (error) {
      if (lacksModel(error))
        throw await unknownModel(connection, model, { error: error as EimError, signal });
      if (limitName === 'max_completion_tokens' || !wantsNewerLimit(error)) throw error;
      limitName = 'max_completion_tokens';
      return await complete(question, signal);
    }
  };
  return {
    batchSize: 1,
    concurrency,
    answer: (questions, signal) =>
      Promise.all(
        questions.map(async (question) => textOf(connection.url, await ask(question, signal)).trim()),
      ),
  };
}

function chatRequest(
  { item, prompt, bytes }: Question,
  limitName: string,
  { model, maxNewTokens, decoding: { temperature, topP, topK, repetitionPenalty, seed } }: ApiAnswererOptions,
): object {
  const picture = bytes && { url: pictureDataUrl(bytes, item.picture!) };
  const text = { type: 'text', text: prompt };
  const content = picture
    ? [...(prompt === '' ? [] : [text]), { type: 'image_url', image_url: picture }]
    : prompt;
  return {
    model,
    messages: [{ role: 'user', content }],
    temperature,
    [limitName]: maxNewTokens,
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(repetitionPenalty !== undefined && { repetition_penalty: repetitionPenalty }),
    // Each item has draws of its own, whatever else is asked.
    ...(temperature > 0 && { seed: Number.parseInt(sha256(`${seed} ${item.id}`).slice(0, 7), 16) }),
  };
}

/** The text of a completion; some servers give it in parts. */
function textOf(url: string, reply: unknown): string {
  const { choices } = (reply ?? {}) as { choices?: { message?: { content?: unknown } }[] };
  const message = Array.isArray(choices) ? choices[0]?.message : undefined;
  if (typeof message !== 'object' || message === null) {
    throw argumentError(
      `${url} answers with something that is no chat completion: ${JSON.stringify(reply).slice(0, 80)}`,
      'Check the address: it is what stands before /chat/completions, and mostly ends in /v1.',
    );
  }
  const { content } = message;
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return content.map(({ text }: { text?: unknown }) => (typeof text === 'string' ? text : '')).join('');
}
