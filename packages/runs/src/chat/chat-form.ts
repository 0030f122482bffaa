import type { Tokenizer } from '@eim/contracts';
import type { AskedRow } from '@eim/core';
import type { Chat } from './open-chat.js';

/** A question with all that one row reads before it. */
export interface ChatText {
  readonly system?: string | undefined;
  readonly earlier: readonly { readonly prompt: string; readonly answer: string }[];
  readonly prompt: string;
}

/** How a conversation is laid out for a model. */
export interface ChatForm {
  /** `template`: by the model's chat template. `plain`: texts one after the other, as rows are in training. */
  readonly name: 'template' | 'plain';
  readonly tokenizer: Tokenizer;
  /** Tokens before the answer, a begin token included; for `plain` an upper bound. */
  count(text: ChatText): number;
  /** What `answerRows` takes. */
  row(text: ChatText): AskedRow;
}

/** By the chat template that comes with published weights. */
export function templateForm({ tokenizer, write }: Chat): ChatForm {
  const idsOf = ({ system, earlier, prompt }: ChatText) =>
    write({
      messages: [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        ...earlier.flatMap((turn) => [
          { role: 'user', content: turn.prompt },
          { role: 'assistant', content: turn.answer },
        ]),
        { role: 'user', content: prompt },
      ],
      addGenerationPrompt: true,
    }).ids;
  return {
    name: 'template',
    tokenizer,
    count: (text) => idsOf(text).length,
    row: (text) => ({ ids: idsOf(text) }),
  };
}

/** As rows of a data set are laid out in training: nothing is put around texts but the tokens that begin and end them. */
export function plainForm(tokenizer: Tokenizer): ChatForm {
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
    row: ({ system, earlier, prompt }) => ({ prompt, earlier, ...(system !== undefined && { system }) }),
  };
}
