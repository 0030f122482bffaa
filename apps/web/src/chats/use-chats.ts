import { type Dispatch, useEffect, useReducer, useRef, useState } from 'react';
import type { Chat } from './chat.js';
import { ChatStore } from './chat-store.js';
import { type Chats, type ChatsAction, newChats, reduceChats } from './chats-reducer.js';

/** How long nothing has to change before a chat is written, in milliseconds. */
const PAUSE = 400;

const store = new ChatStore();

/** The chats of this browser, read at the start and kept as they change. */
export function useChats(): {
  readonly chats: Chats;
  readonly dispatch: Dispatch<ChatsAction>;
  /** Why chats cannot be kept here. */
  readonly fault: string | undefined;
} {
  const [chats, dispatch] = useReducer(reduceChats, undefined, newChats);
  const [fault, setFault] = useState<string>();
  const kept = useRef<ReadonlyMap<string, Chat>>(new Map());
  const [isRead, setRead] = useState(false);

  useEffect(() => {
    store
      .all()
      .then((found) => {
        kept.current = new Map(found.map((chat) => [chat.id, chat]));
        dispatch({ kind: 'load', chats: found });
        setRead(true);
      })
      .catch((error: unknown) => setFault(`Chats cannot be kept in this browser: ${String(error)}`));
  }, []);

  useEffect(() => {
    if (!isRead) return;
    const timer = setTimeout(() => {
      keep(chats.all, kept.current).catch((error: unknown) =>
        setFault(`The chat could not be kept in this browser: ${String(error)}`),
      );
      kept.current = new Map(chats.all.map((chat) => [chat.id, chat]));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [chats.all, isRead]);

  return { chats, dispatch, fault };
}

/** Writes what changed. An empty chat is not worth keeping. */
async function keep(all: readonly Chat[], before: ReadonlyMap<string, Chat>): Promise<void> {
  const ids = new Set(all.map(({ id }) => id));
  for (const id of before.keys()) if (!ids.has(id)) await store.remove(id);
  for (const chat of all) {
    if (chat.messages.length > 0 && before.get(chat.id) !== chat) await store.put(chat);
  }
}
