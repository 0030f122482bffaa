import type { ServedPrompt } from '@eim/runs/serving';
import { fieldError } from '../http/api-error.js';
import type { CompleteServerLimits } from '../server-limits.js';
import { type DecodingFields, readDecodingFields, readTokenLimit } from './decoding-fields.js';
import { RequestFields } from './request-fields.js';

/** The body of `/v1/completions`. */
export interface CompletionRequest extends DecodingFields {
  readonly model: string;
  /** One or more; each has as many answers as were asked for. */
  readonly prompts: readonly ServedPrompt[];
  readonly maxNewTokens: number;
  /** Absent: no log-probabilities. */
  readonly likeliest: number | undefined;
}

/** What OpenAI's API takes where nothing is said. */
const DEFAULT_TOKENS = 16;

/** @throws ApiError 400 naming the field that is wrong or not supported */
export function readCompletionRequest(body: unknown, limits: CompleteServerLimits): CompletionRequest {
  const fields = new RequestFields(body);
  const model = fields.required('model', fields.text('model'));
  const prompts = readPrompts(fields, limits);
  const decoding = readDecodingFields(fields, limits);
  const maxNewTokens =
    readTokenLimit(fields, 'max_tokens', limits) ?? Math.min(DEFAULT_TOKENS, limits.newTokens);
  const likeliest = fields.number('logprobs', { minimum: 0, maximum: 5, integer: true });
  fields.refuse('best_of', (value) => value === decoding.choices);
  fields.refuse('echo', (value) => value === false);
  fields.refuse('suffix', (value) => value === '');
  fields.end();
  return { model, prompts, ...decoding, maxNewTokens, likeliest };
}

const isId = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isIds = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isId);

/** A text, ids, or a list of either. */
function readPrompts(fields: RequestFields, { prompts: most }: CompleteServerLimits): ServedPrompt[] {
  const value = fields.required('prompt', fields.value('prompt'));
  const list = typeof value === 'string' || isIds(value) ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > most) {
    throw fieldError(
      'prompt',
      `\`prompt\` must be a text, ids, or a list of 1 to ${most} of either.`,
      'invalid_value',
    );
  }
  return list.map((prompt, index) => {
    if (typeof prompt === 'string') return { text: prompt };
    if (isIds(prompt)) return { ids: prompt };
    throw fieldError('prompt', `\`prompt[${index}]\` is neither a text nor a list of ids.`, 'invalid_value');
  });
}
