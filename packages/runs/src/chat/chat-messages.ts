import { dirname, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import type { ChatMessage } from '@eim/tokenizers';
import type { ChatExchange, ChatHistory, ChatPictureSource } from './chat-history.js';
import type { Conversation } from './read-conversation.js';

/** A conversation that was read, and the question at its end that has no answer yet. */
export interface LoadedChat {
  readonly history: ChatHistory;
  /** Pictures in view after the last exchange. */
  readonly view: readonly ChatPictureSource[];
  readonly pending?: { readonly prompt: string; readonly shown: readonly ChatPictureSource[] };
}

/**
 * A history as chat messages. A message with pictures, and an answer for each of several pictures, are lists of parts, as in
 * transformers' chats: `{"type": "image", "path": "cat.jpg"}`, `{"type": "text", "text": "What is this?"}`.
 */
export function chatMessages({ system, exchanges }: ChatHistory): ChatMessage[] {
  return [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    ...exchanges.flatMap(({ prompt, shown, answers }) => [
      { role: 'user', content: shown.length === 0 ? prompt : [...shown.map(imagePart), textPart(prompt)] },
      { role: 'assistant', content: answers.length === 1 ? answers[0]! : answers.map(textPart) },
    ]),
  ];
}

/**
 * The history of chat messages: a system message or none, then questions and answers in turn.
 * @param where path of their file, from whose folder the paths of pictures start
 * @throws EimError `invalid-data` naming the message that a chat cannot hold
 */
export function chatOfMessages({ messages, addGenerationPrompt }: Conversation, where: string): LoadedChat {
  if (addGenerationPrompt === false) {
    throw fault(
      where,
      'has an `add_generation_prompt` that is false, and a chat always begins the next answer',
    );
  }
  const system = messages[0]?.role === 'system' ? messages[0] : undefined;
  const rest = system ? messages.slice(1) : messages;
  const exchanges: ChatExchange[] = [];
  let view: readonly ChatPictureSource[] = [];
  let pending: LoadedChat['pending'];
  for (const [index, message] of rest.entries()) {
    const place = `has a message ${index + messages.length - rest.length}`;
    const expected = pending ? 'assistant' : 'user';
    if (message.role !== expected) {
      throw fault(where, `${place} of the role \`${message.role}\`, where \`${expected}\` is expected`);
    }
    const { texts, images } = contentOf(message, where, place);
    if (pending === undefined) {
      pending = { prompt: texts.join('\n'), shown: images };
      view = images.length > 0 ? images : view;
      continue;
    }
    if (images.length > 0) throw fault(where, `${place} that answers with a picture`);
    if (texts.length !== 1 && texts.length !== view.length) {
      throw fault(where, `${place} of ${texts.length} answers to ${view.length} pictures`);
    }
    exchanges.push({ ...pending, view, answers: texts });
    pending = undefined;
  }
  const instruction = system && contentOf(system, where, 'has a message 0').texts.join('\n');
  return { history: { system: instruction, exchanges }, view, ...(pending && { pending }) };
}

const textPart = (text: string) => ({ type: 'text', text });
const imagePart = (source: ChatPictureSource) =>
  isAddress(source) ? { type: 'image', url: source } : { type: 'image', path: source };
const isAddress = (source: ChatPictureSource) => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

function contentOf({ role, content, ...others }: ChatMessage, where: string, place: string) {
  const [other] = Object.keys(others);
  if (other !== undefined) throw fault(where, `${place} with \`${other}\`, which a chat here cannot hold`);
  if (typeof content === 'string') return { texts: [content], images: [] };
  if (!Array.isArray(content) || content.length === 0) {
    throw fault(where, `${place} whose \`content\` is neither text nor a list of parts`);
  }
  const texts: string[] = [];
  const images: ChatPictureSource[] = [];
  for (const part of content as readonly unknown[]) {
    const read = readPart(part);
    if (read === undefined) throw fault(where, `${place} with the part ${JSON.stringify(part)}`);
    if ('text' in read) texts.push(read.text);
    else images.push(isAddress(read.image) ? read.image : resolve(dirname(where), read.image));
  }
  return { texts, images };
}

/** Undefined for what is neither a text nor a picture, or says more than what it is. */
function readPart(part: unknown): { text: string } | { image: ChatPictureSource } | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const { type, ...rest } = part as Readonly<Record<string, unknown>>;
  const [[name, value] = [], more] = Object.entries(rest);
  if (more !== undefined || typeof value !== 'string') return undefined;
  if (type === 'text' && name === 'text') return { text: value };
  return type === 'image' && (name === 'path' || name === 'url') ? { image: value } : undefined;
}

function fault(where: string, what: string): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${where} ${what}.`,
    advice:
      'A chat is a system message or none, then `user` and `assistant` in turn; contents are texts, or lists of {"type": "text", "text": "..."} and {"type": "image", "path": "..."}.',
    data: { where },
  });
}
