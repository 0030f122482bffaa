import { randomInt } from 'node:crypto';
import type { AnswerChoice } from '@eim/runs/serving';
import { fieldError } from '../http/api-error.js';
import type { CompleteServerLimits } from '../server-limits.js';
import type { RequestFields } from './request-fields.js';

/** What chat completions and completions ask for alike. */
export interface DecodingFields
  extends Omit<AnswerChoice, 'picture' | 'signal' | 'likeliest' | 'maxNewTokens'> {
  readonly choices: number;
  readonly stream: boolean;
  /** Whether a stream ends with an event of how much was used. */
  readonly includeUsage: boolean;
}

/** Ignored, because no answer depends on them. */
const HARMLESS = ['user', 'metadata', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention'];
const isZero = (value: unknown) => value === 0;
const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** @throws ApiError 400 naming a field whose value cannot be */
export function readDecodingFields(fields: RequestFields, limits: CompleteServerLimits): DecodingFields {
  fields.ignore(...HARMLESS);
  fields.refuse('frequency_penalty', isZero);
  fields.refuse('presence_penalty', isZero);
  fields.refuse('logit_bias', isEmpty);
  const stream = fields.boolean('stream') ?? false;
  return {
    choices: fields.number('n', { minimum: 1, maximum: limits.choices, integer: true }) ?? 1,
    temperature: fields.number('temperature', { minimum: 0, maximum: 2 }) ?? 1,
    topP: positive(fields, 'top_p', 1),
    topK: fields.number('top_k', { minimum: 1, integer: true }),
    repetitionPenalty: positive(fields, 'repetition_penalty'),
    seed: fields.number('seed', { minimum: -Infinity, integer: true }) ?? randomInt(2 ** 47),
    stopStrings: readStop(fields),
    stream,
    includeUsage: readStreamOptions(fields, stream),
  };
}

/** The number of new tokens that a field asks for. */
export function readTokenLimit(
  fields: RequestFields,
  name: string,
  { newTokens }: CompleteServerLimits,
): number | undefined {
  return fields.number(name, { minimum: 1, maximum: newTokens, integer: true });
}

function positive(fields: RequestFields, name: string, maximum?: number): number | undefined {
  const value = fields.number(name, { minimum: 0, ...(maximum !== undefined && { maximum }) });
  if (value === 0)
    throw fieldError(fields.path(name), `\`${fields.path(name)}\` must be above 0.`, 'invalid_value');
  return value;
}

function readStop(fields: RequestFields): readonly string[] {
  const value = fields.value('stop');
  if (value === undefined) return [];
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length <= 4 && texts.every((text) => typeof text === 'string' && text !== '')) return texts;
  throw fieldError('stop', '`stop` must be a text or up to 4 texts, none of them empty.', 'invalid_value');
}

function readStreamOptions(fields: RequestFields, stream: boolean): boolean {
  const value = fields.value('stream_options');
  if (value === undefined) return false;
  if (!stream) throw fieldError('stream_options', '`stream_options` needs `stream: true`.', 'invalid_value');
  const options = fields.nested('stream_options', value);
  const includeUsage = options.boolean('include_usage') ?? false;
  options.refuse('include_obfuscation', (each) => each === false);
  options.end();
  return includeUsage;
}
