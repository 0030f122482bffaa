import { EimError } from '@eim/contracts';
import type { ChatMessage } from '@eim/tokenizers';

/** Messages to be written in a model's form. */
export interface Conversation {
  readonly messages: readonly ChatMessage[];
  /** Whether the text ends where the next answer begins. Absent: it is not said. */
  readonly addGenerationPrompt?: boolean;
}

const FIELDS = ['messages', 'add_generation_prompt'];

/**
 * A conversation as JSON has it: an array of `{role, content}`, or an object with such `messages` and, where it is said,
 * `add_generation_prompt`.
 * @param where it stands, for messages
 * @throws EimError `invalid-data` naming what is wrong with it
 */
export function readConversation(value: unknown, where: string): Conversation {
  if (Array.isArray(value)) return { messages: readMessages(value, where) };
  if (!isObject(value)) throw fault(where, 'is neither a list of messages nor an object with `messages`');
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw fault(where, `has \`${unknown}\`, which is not known (${FIELDS.join(', ')} are)`);
  const { messages, add_generation_prompt: prompt = undefined } = value;
  if (!Array.isArray(messages)) throw fault(where, 'has no list of `messages`');
  if (prompt !== undefined && typeof prompt !== 'boolean') {
    throw fault(where, 'has an `add_generation_prompt` that is neither true nor false');
  }
  const read = readMessages(messages, where);
  return prompt === undefined ? { messages: read } : { messages: read, addGenerationPrompt: prompt };
}

function readMessages(messages: readonly unknown[], where: string): ChatMessage[] {
  if (messages.length === 0) throw fault(where, 'has no message');
  return messages.map((message, index) => readMessage(message, where, index));
}

/** Whoever calls a tool may say nothing beside. */
function readMessage(value: unknown, where: string, index: number): ChatMessage {
  if (!isObject(value) || typeof value.role !== 'string')
    throw fault(where, `has a message ${index} without a \`role\``);
  if ((value.content ?? value.tool_calls ?? undefined) === undefined)
    throw fault(where, `has a message ${index} without \`content\``);
  return value as ChatMessage;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fault(where: string, what: string): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${where} ${what}.`,
    advice: 'Write messages as [{"role": "user", "content": "Hello"}].',
    data: { where },
  });
}
