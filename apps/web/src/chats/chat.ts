/** What was asked. */
export interface UserMessage {
  readonly role: 'user';
  readonly id: string;
  readonly text: string;
  readonly picture?: Blob | undefined;
}

/** What an answer took. */
export interface AnswerStats {
  readonly promptTokens: number;
  readonly newTokens: number;
  readonly secondsToFirstToken: number;
  /** From the first new token to the last; absent where there are no two. */
  readonly tokensPerSecond?: number | undefined;
}

/** What was answered. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly id: string;
  readonly text: string;
  readonly model: string;
  /** Absent while it is being written. `stopped` by the user, or by the end of the page. */
  readonly end?: 'stop' | 'length' | 'stopped' | 'failed' | undefined;
  readonly fault?: string | undefined;
  readonly stats?: AnswerStats | undefined;
}

export type Message = UserMessage | AssistantMessage;

/** A conversation, kept in the browser alone. */
export interface Chat {
  readonly id: string;
  readonly messages: readonly Message[];
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** A chat that nothing was said in. */
export const emptyChat = (): Chat => ({ id: crypto.randomUUID(), messages: [], changedAt: Date.now() });

const LONGEST_TITLE = 48;

/** What a list calls a chat: its first words. */
export function chatTitle({ messages }: Chat): string {
  const [first] = messages;
  if (first === undefined) return 'New chat';
  const text = first.text.trim().replace(/\s+/g, ' ');
  if (text === '') return 'A picture';
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : text;
}
