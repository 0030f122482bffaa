import { fieldError } from '../http/api-error.js';
import type { CompleteServerLimits } from '../server-limits.js';
import { type DecodingFields, readDecodingFields, readTokenLimit } from './decoding-fields.js';
import { type PictureField, type ReadMessage, readMessages } from './read-messages.js';
import { RequestFields } from './request-fields.js';

/** The body of `/v1/chat/completions`. */
export interface ChatCompletionRequest extends DecodingFields {
  readonly model: string;
  readonly messages: readonly Pick<ReadMessage, 'role' | 'content'>[];
  /** The picture that the last message with one shows: the one that the answer is about. */
  readonly picture: PictureField | undefined;
  readonly maxNewTokens: number;
  /** Absent: no log-probabilities. */
  readonly likeliest: number | undefined;
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
const isTextFormat = (value: unknown) =>
  typeof value === 'object' && JSON.stringify(value) === JSON.stringify({ type: 'text' });

/** @throws ApiError 400 naming the field that is wrong or not supported */
export function readChatCompletionRequest(
  body: unknown,
  limits: CompleteServerLimits,
): ChatCompletionRequest {
  const fields = new RequestFields(body);
  const model = fields.required('model', fields.text('model'));
  const messages = readMessages(fields);
  const decoding = readDecodingFields(fields, limits);
  const maxNewTokens = readMaxTokens(fields, limits);
  const likeliest = readLogprobs(fields);
  fields.refuse('tools', isEmptyList);
  fields.refuse('functions', isEmptyList);
  fields.refuse('tool_choice', (value) => value === 'none');
  fields.refuse('response_format', isTextFormat);
  fields.refuse('modalities', (value) => JSON.stringify(value) === '["text"]');
  fields.refuse('store', (value) => value === false);
  fields.end();
  return { model, messages, picture: pictureOf(messages), ...decoding, maxNewTokens, likeliest };
}

/** `max_completion_tokens`, or its older name. */
function readMaxTokens(fields: RequestFields, limits: CompleteServerLimits): number {
  const older = readTokenLimit(fields, 'max_tokens', limits);
  const newer = readTokenLimit(fields, 'max_completion_tokens', limits);
  if (older !== undefined && newer !== undefined && older !== newer) {
    throw fieldError(
      'max_tokens',
      '`max_tokens` and `max_completion_tokens` differ. Give one of them.',
      'invalid_value',
    );
  }
  return newer ?? older ?? limits.newTokens;
}

function readLogprobs(fields: RequestFields): number | undefined {
  const wanted = fields.boolean('logprobs') ?? false;
  const likeliest = fields.number('top_logprobs', { minimum: 0, maximum: 20, integer: true });
  if (likeliest !== undefined && !wanted) {
    throw fieldError('top_logprobs', '`top_logprobs` needs `logprobs: true`.', 'invalid_value');
  }
  return wanted ? (likeliest ?? 0) : undefined;
}

/** A model sees one picture at a time. */
function pictureOf(messages: readonly ReadMessage[]): PictureField | undefined {
  const [picture, second] = messages.findLast(({ pictures }) => pictures.length > 0)?.pictures ?? [];
  if (second === undefined) return picture;
  throw fieldError(
    second.param,
    `\`${second.param}\` is a second picture; a message may show one.`,
    'unsupported_value',
  );
}
