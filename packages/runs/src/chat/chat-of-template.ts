import type { ChatTemplate, PublishedTokenizer } from '@eim/tokenizers';
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

/**
 * Conversations in the form of a chat template.
 * @param tokenizer takes text that spells a special token for that token
 * @param name of the template. Absent: 'default'
 */
export function chatOfTemplate(template: ChatTemplate, tokenizer: PublishedTokenizer, name?: string): Chat {
  return {
    tokenizer,
    write({ messages, addGenerationPrompt = false }) {
      const text = template.render(messages, { addGenerationPrompt, ...(name !== undefined && { name }) });
      return { text, ids: tokenizer.encode(text) };
    },
  };
}
