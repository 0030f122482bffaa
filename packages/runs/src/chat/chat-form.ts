import type { Tokenizer } from '@eim/contracts';
import type { AskedRow } from '@eim/core';
import type { ChatMessage } from '@eim/tokenizers';
import { promptIds } from '../published/prompt-ids.js';
import type { Chat } from './chat-of-template.js';
import type { ChatText } from './chat-text.js';
import { exchangesOfMessages } from './exchanges-of-messages.js';

/** How a conversation is laid out for a model. */
export interface ChatForm {
  /** `template`: by the model's chat template. `plain`: texts one after the other, as rows are in training. */
  readonly name: 'template' | 'plain';
  readonly tokenizer: Tokenizer;
  /** Tokens before the answer, a begin token included; for `plain` an upper bound. */
  count(text: ChatText): number;
  /** What `answerRows` takes. */
  row(text: ChatText): AskedRow;
  /**
   * The same of messages whose contents are texts, the last of them to be answered.
   * @throws EimError naming the message that this form has no place for
   */
  rowOfMessages(messages: readonly ChatMessage[]): AskedRow;
  /** A text to be continued, with what its tokenizer puts around one. */
  rowOfText(text: string): AskedRow;
}

/** By the chat template that comes with published weights. */
export function templateForm({ tokenizer, write }: Chat): ChatForm {
  const idsOfMessages = (messages: readonly ChatMessage[]) =>
    write({ messages, addGenerationPrompt: true }).ids;
  const idsOf = ({ system, earlier, prompt }: ChatText) =>
    idsOfMessages([
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...earlier.flatMap((turn) => [
        { role: 'user', content: turn.prompt },
        { role: 'assistant', content: turn.answer },
      ]),
      { role: 'user', content: prompt },
    ]);
  return {
    name: 'template',
    tokenizer,
    count: (text) => idsOf(text).length,
    row: (text) => ({ ids: idsOf(text) }),
    rowOfMessages: (messages) => ({ ids: idsOfMessages(messages) }),
    rowOfText: (text) => ({ ids: promptIds(tokenizer, text) }),
  };
}

/**
 * As rows of a data set are laid out in training: nothing is put around texts but the tokens that begin and end them.
 * @param rowOfText absent: a text to be continued is laid out in the same way
 */
export function plainForm(
  tokenizer: Tokenizer,
  rowOfText: ChatForm['rowOfText'] = (prompt) => ({ prompt }),
): ChatForm {
  const row = ({ system, earlier, prompt }: ChatText): AskedRow => ({
    prompt,
    earlier,
    ...(system !== undefined && { system }),
  });
  const length = (text: string) => (text === '' ? 0 : tokenizer.encode(text).length);
  return {
    name: 'plain',
    tokenizer,
    // Where a token spans the border of prompt and answer, both are encoded apart.
    count: ({ system = '', earlier, prompt }) =>
      1 +
      length(system) +
      length(prompt) +
      earlier.reduce(
        (sum, turn) =>
          sum + 1 + Math.max(length(turn.prompt + turn.answer), length(turn.prompt) + length(turn.answer)),
        0,
      ),
    row,
    rowOfMessages: (messages) => row(exchangesOfMessages(messages)),
    rowOfText,
  };
}
