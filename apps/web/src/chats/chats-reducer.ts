import { type AssistantMessage, type Chat, emptyChat, type Message } from './chat.js';

/** All chats, the newest first, and the one that is shown. There always is one. */
export interface Chats {
  readonly all: readonly Chat[];
  readonly shownId: string;
}

export type ChatsAction =
  | { readonly kind: 'load'; readonly chats: readonly Chat[] }
  | { readonly kind: 'begin' }
  | { readonly kind: 'show'; readonly chatId: string }
  | { readonly kind: 'remove'; readonly chatId: string }
  /** Keeps so many messages and puts others behind them. */
  | {
      readonly kind: 'say';
      readonly chatId: string;
      readonly keep: number;
      readonly messages: readonly Message[];
    }
  | {
      readonly kind: 'answer';
      readonly chatId: string;
      readonly messageId: string;
      readonly change: (message: AssistantMessage) => AssistantMessage;
    };

/** A new chat alone. */
export function newChats(): Chats {
  const chat = emptyChat();
  return { all: [chat], shownId: chat.id };
}

export const shownChat = ({ all, shownId }: Chats): Chat => all.find(({ id }) => id === shownId)!;

/** What becomes of chats. A chat that something is said in moves to the front. */
export function reduceChats(chats: Chats, action: ChatsAction): Chats {
  const { all, shownId } = chats;
  switch (action.kind) {
    case 'load': {
      const others = action.chats.filter(({ id }) => !all.some((chat) => chat.id === id));
      return { all: [...all, ...others.map(withoutOpenAnswer)].sort(byChange), shownId };
    }
    case 'begin': {
      const unused = all.find(({ messages }) => messages.length === 0) ?? emptyChat();
      return { all: [unused, ...all.filter(({ id }) => id !== unused.id)], shownId: unused.id };
    }
    case 'show':
      return { all, shownId: action.chatId };
    case 'remove': {
      const rest = all.filter(({ id }) => id !== action.chatId);
      const kept = rest.length > 0 ? rest : newChats().all;
      return { all: kept, shownId: shownId === action.chatId ? kept[0]!.id : shownId };
    }
    case 'say': {
      const said = all.find(({ id }) => id === action.chatId);
      if (said === undefined) return chats;
      const messages = [...said.messages.slice(0, action.keep), ...action.messages];
      const changed = { ...said, messages, changedAt: Date.now() };
      return { all: [changed, ...all.filter(({ id }) => id !== said.id)], shownId };
    }
    case 'answer': {
      const change = (message: Message) =>
        message.id === action.messageId && message.role === 'assistant' ? action.change(message) : message;
      const inChat = (chat: Chat) =>
        chat.id === action.chatId ? { ...chat, messages: chat.messages.map(change) } : chat;
      return { all: all.map(inChat), shownId };
    }
  }
}

const byChange = (one: Chat, other: Chat) => other.changedAt - one.changedAt;

/** The page was left while an answer came. */
function withoutOpenAnswer(chat: Chat): Chat {
  const ended = (message: Message): Message =>
    message.role === 'assistant' && message.end === undefined ? { ...message, end: 'stopped' } : message;
  return { ...chat, messages: chat.messages.map(ended) };
}
