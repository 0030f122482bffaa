import type { PublishedTokenizer } from '@eim/tokenizers';
import { argumentError } from '../arguments/argument-error.js';
import { openChat } from '../chat/open-chat.js';
import type { Conversation } from '../chat/read-conversation.js';
import {
  type GenerationTokenizerChoice,
  openGenerationTokenizer,
  tokenizerPath,
} from './generation-tokenizer.js';
import { promptIds } from './prompt-ids.js';

/** What to continue: one of these is given. */
export interface PromptChoice {
  /** Text to continue, between the tokens that its tokenizer puts around a text. */
  readonly prompt?: string | undefined;
  /** Conversation to continue, in the form that the model was trained to read; the next answer is begun. */
  readonly chat?: Conversation | undefined;
  /** Name of the chat template. @default 'default' */
  readonly chatTemplate?: string | undefined;
  /** Token ids to continue; nothing is put before them, and no tokenizer is needed. */
  readonly ids?: readonly number[] | undefined;
}

/** Ids to continue, and the tokenizer that made them; absent where they were given. */
export interface OpenedPrompt {
  readonly tokenizer?: PublishedTokenizer;
  readonly ids: readonly number[];
}

/**
 * The ids of a prompt.
 * @throws EimError `invalid-argument` where not just one is given, or nothing is left to continue; naming what is wrong with
 * the tokenizer, the chat template or the messages
 */
export async function openPrompt(
  { prompt, chat, chatTemplate, ids }: PromptChoice,
  choice: GenerationTokenizerChoice,
): Promise<OpenedPrompt> {
  if ([prompt, chat, ids].filter((given) => given !== undefined).length !== 1) {
    throw argumentError(
      'Exactly one of --prompt, --chat and --ids says what to continue.',
      'Write --prompt TEXT, --chat FILE, or --ids 1,2,3.',
    );
  }
  if (ids !== undefined) return { ids };
  if (chat !== undefined) return await chatPrompt(chat, chatTemplate, choice);
  const found = await openGenerationTokenizer(choice);
  if (found.tokenizer === undefined) {
    throw argumentError(found.missing, 'Name one by --tokenizer, or give --ids.');
  }
  return { tokenizer: found.tokenizer, ids: promptIds(found.tokenizer, prompt!) };
}

async function chatPrompt(
  conversation: Conversation,
  template: string | undefined,
  choice: GenerationTokenizerChoice,
): Promise<OpenedPrompt> {
  const path = tokenizerPath(choice);
  if (path === undefined) {
    throw argumentError(`There is no tokenizer with ${choice.weights}.`, 'Name one by --tokenizer.');
  }
  const { tokenizer, write } = await openChat(path, { template });
  return { tokenizer, ids: write({ addGenerationPrompt: true, ...conversation }).ids };
}
