import type { Dispatch } from 'react';
import { chatTitle } from '../chats/chat.js';
import type { Chats, ChatsAction } from '../chats/chats-reducer.js';
import { Icon } from './icon.js';
import { IconButton } from './icon-button.js';

interface ChatListProps {
  readonly chats: Chats;
  readonly dispatch: Dispatch<ChatsAction>;
  /** On narrow screens the list lies over the conversation while it is open. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** All chats of this browser. */
export function ChatList({ chats: { all, shownId }, dispatch, isOpen, onClose }: ChatListProps) {
  const act = (action: ChatsAction) => {
    dispatch(action);
    onClose();
  };
  return (
    <>
      {isOpen && <div className="list-backdrop" aria-hidden="true" onClick={onClose} />}
      <nav id="chats" className="chat-list" aria-label="Chats" data-open={isOpen || undefined}>
        <button type="button" className="new-chat" onClick={() => act({ kind: 'begin' })}>
          <Icon name="plus" /> New chat
        </button>
        <ul>
          {all.map((chat) => (
            <li key={chat.id} className="chat-entry" data-shown={chat.id === shownId || undefined}>
              <button
                type="button"
                className="chat-title"
                aria-current={chat.id === shownId ? 'page' : undefined}
                onClick={() => act({ kind: 'show', chatId: chat.id })}
              >
                {chatTitle(chat)}
              </button>
              {chat.messages.length > 0 && (
                <IconButton
                  icon="bin"
                  label={`Delete “${chatTitle(chat)}”`}
                  onClick={() => dispatch({ kind: 'remove', chatId: chat.id })}
                />
              )}
            </li>
          ))}
        </ul>
        <p className="list-foot">Chats stay in this browser.</p>
      </nav>
    </>
  );
}
