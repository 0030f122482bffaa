import { EimError } from '@eim/contracts';
import {
  type ChatTemplate,
  createChatTemplate,
  ggufChatTemplates,
  type PublishedTokenizer,
} from '@eim/tokenizers';
import { openChatTemplate } from '@eim/tokenizers/node';
import { openWeights } from '@eim/weights/node';
import { ggufWithTokenizer } from '../model/gguf-with-tokenizer.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import type { Conversation } from './read-conversation.js';

/** Writes conversations as a model was trained to read them. */
export interface Chat {
  readonly tokenizer: PublishedTokenizer;
  /**
   * Text and ids of a conversation; nothing is put around what the template writes.
   * @throws EimError with the template's own message where it refuses the messages, or fails
   */
  write(conversation: Conversation): { readonly text: string; readonly ids: number[] };
}

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
  return {
    tokenizer,
    write({ messages, addGenerationPrompt = false }) {
      const text = template.render(messages, { addGenerationPrompt, ...(name !== undefined && { name }) });
      return { text, ids: tokenizer.encode(text) };
    },
  };
}

/** Whether a chat template comes with a tokenizer. @throws EimError naming what is wrong with one that is damaged */
export async function hasChatTemplate(path: string): Promise<boolean> {
  const gguf = ggufWithTokenizer(path);
  if (gguf !== undefined) return (await templatesOfGguf(gguf)) !== undefined;
  try {
    await templateInFolder(path);
    return true;
  } catch (error) {
    if (EimError.isInstance(error) && error.code === 'missing-file') return false;
    throw error;
  }
}

async function openTemplateOf(path: string): Promise<ChatTemplate> {
  const gguf = ggufWithTokenizer(path);
  if (gguf === undefined) return await templateInFolder(path);
  const source = await templatesOfGguf(gguf);
  if (source) return createChatTemplate(source);
  throw new EimError({
    code: 'invalid-data',
    message: `${gguf} has no chat template (tokenizer.chat_template).`,
    advice: 'Give the text of the prompt as the model was trained to read it.',
    data: { file: gguf },
  });
}

/** Several files that make one tokenizer lie beside each other. */
const templateInFolder = (path: string) => openChatTemplate(path.split(',', 1)[0]!);

async function templatesOfGguf(gguf: string) {
  const file = await openWeights(gguf);
  try {
    return ggufChatTemplates(file.metadata, gguf);
  } finally {
    await file.close();
  }
}
