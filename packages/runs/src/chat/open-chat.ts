import { EimError } from '@eim/contracts';
import {
  type ChatTemplate,
  type ChatTemplateSource,
  createChatTemplate,
  ggufChatTemplates,
} from '@eim/tokenizers';
import { readChatTemplates } from '@eim/tokenizers/node';
import { openWeights } from '@eim/weights/node';
import { ggufWithTokenizer } from '../model/gguf-with-tokenizer.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { type Chat, chatOfTemplate } from './chat-of-template.js';

export interface OpenChatOptions {
  /** Name of the chat template. @default 'default' */
  readonly template?: string | undefined;
}

/**
 * Opens a tokenizer with the chat template that comes with it: in a GGUF file, or in the files of a folder.
 * @throws EimError naming the path and what is wrong or lacks
 * @example
 * const chat = await openChat('/models/SmolLM2-135M-Instruct.gguf');
 * chat.write({ messages: [{ role: 'user', content: 'Hello' }], addGenerationPrompt: true }).ids;
 */
export async function openChat(path: string, { template: name }: OpenChatOptions = {}): Promise<Chat> {
  const template = await openTemplateOf(path);
  const tokenizer = await openTokenizerOf(path, { parseSpecialTokens: true });
  return chatOfTemplate(template, tokenizer, name);
}

/** Whether a chat template comes with a tokenizer. @throws EimError naming what is wrong with one that is damaged */
export const hasChatTemplate = async (path: string): Promise<boolean> =>
  (await findChatTemplates(path)) !== undefined;

async function openTemplateOf(path: string): Promise<ChatTemplate> {
  const source = await templatesWith(path);
  if (source) return createChatTemplate(source);
  throw new EimError({
    code: 'invalid-data',
    message: `${path} has no chat template (tokenizer.chat_template).`,
    advice: 'Give the text of the prompt as the model was trained to read it.',
    data: { file: path },
  });
}

/**
 * The chat templates that come with a tokenizer, unread; undefined where none do.
 * @throws EimError naming what is wrong with one that is damaged
 */
export async function findChatTemplates(path: string): Promise<ChatTemplateSource | undefined> {
  try {
    return await templatesWith(path);
  } catch (error) {
    if (EimError.isInstance(error) && error.code === 'missing-file') return undefined;
    throw error;
  }
}

/** Undefined for a GGUF file without any. @throws EimError `missing-file` for a folder without any */
async function templatesWith(path: string): Promise<ChatTemplateSource | undefined> {
  const gguf = ggufWithTokenizer(path);
  // Several files that make one tokenizer lie beside each other.
  if (gguf === undefined) return await readChatTemplates(path.split(',', 1)[0]!);
  const file = await openWeights(gguf);
  try {
    return ggufChatTemplates(file.metadata, gguf);
  } finally {
    await file.close();
  }
}
