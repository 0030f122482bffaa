import type { ChatMessage } from '@eim/tokenizers';
import { argumentError } from '../arguments/argument-error.js';
import type { ChatText } from './chat-text.js';

/**
 * Messages as a model without a chat template reads them: a system message or none, then `user` and `assistant` in turn, a
 * `user` at the end.
 * @throws EimError `invalid-argument` naming the first message that stands elsewhere
 */
export function exchangesOfMessages(messages: readonly ChatMessage[]): ChatText {
  const [first] = messages;
  const system = first?.role === 'system' ? String(first.content) : undefined;
  const turns = system === undefined ? messages : messages.slice(1);
  const offset = messages.length - turns.length;
  for (const [index, { role }] of turns.entries()) {
    const expected = index % 2 === 0 ? 'user' : 'assistant';
    if (role === expected) continue;
    throw outOfTurn(
      `Message ${index + offset} is of the role \`${role}\`, where \`${expected}\` is expected`,
    );
  }
  if (turns.length % 2 === 0) throw outOfTurn('The last message is not of the role `user`');
  const texts = turns.map(({ content }) => String(content));
  const earlier = Array.from({ length: (texts.length - 1) / 2 }, (_, turn) => ({
    prompt: texts[2 * turn]!,
    answer: texts[2 * turn + 1]!,
  }));
  return { system, earlier, prompt: texts.at(-1)! };
}

const outOfTurn = (what: string) =>
  argumentError(
    `${what}.`,
    'This model has no chat template: give a system message or none, then `user` and `assistant` in turn, and a `user` at the end.',
  );
