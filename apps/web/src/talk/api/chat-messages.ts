import { dataUrl } from '../../pictures/data-url.js';
import type { Turn } from '../talker.js';

type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

/** A message of `/v1/chat/completions`. */
export interface ChatMessage {
  readonly role: Turn['role'];
  readonly content: string | readonly Part[];
}

/** Turns as the API takes them. Pictures go as data: URLs, and an empty text beside one is left out. */
export async function chatMessages(turns: readonly Turn[]): Promise<ChatMessage[]> {
  return await Promise.all(
    turns.map(async ({ role, text, picture }) => {
      if (picture === undefined) return { role, content: text };
      const shown: Part = { type: 'image_url', image_url: { url: await dataUrl(picture) } };
      return { role, content: text === '' ? [shown] : [shown, { type: 'text', text }] };
    }),
  );
}
