import type { BrowserContextOptions, Page } from 'playwright-core';

/** What a person does on the chat page. */
export interface PageConversation {
  opened(): Promise<string>;
  ask(text: string): Promise<string>;
  press(name: string): Promise<void>;
}

export const chromium: string | undefined;

export function onPage<Result>(
  address: string,
  options: BrowserContextOptions & { readonly words?: readonly string[] },
  action: (conversation: PageConversation, opened: { readonly page: Page }) => Promise<Result>,
): Promise<Result>;
