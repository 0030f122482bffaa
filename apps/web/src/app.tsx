import { useCallback, useState } from 'react';
import { useAnswer } from './answering/use-answer.js';
import { shownChat } from './chats/chats-reducer.js';
import { useChats } from './chats/use-chats.js';
import { ChatList } from './components/chat-list.js';
import { Composer } from './components/composer.js';
import { Conversation } from './components/conversation.js';
import { Header } from './components/header.js';
import { Opening } from './components/opening.js';
import { useEscape } from './components/use-escape.js';
import { usePictureDrop } from './pictures/use-picture-drop.js';
import { useSettings } from './settings/use-settings.js';
import type { Talker } from './talk/talker.js';
import { useModels } from './talk/use-models.js';

/** The chat page. @param talker who answers */
export function App({ talker }: { readonly talker: Talker }) {
  const { chats, dispatch, fault } = useChats();
  const { state, retry, giveKey } = useModels(talker);
  const [settings, setSettings] = useSettings();
  const [chosen, choose] = useState<string>();
  const [isListOpen, setListOpen] = useState(false);
  const [picture, setPicture] = useState<File>();
  const [note, setNote] = useState<string>();

  const models = state.kind === 'ready' ? state.models : [];
  const model = models.find(({ id }) => id === chosen) ?? models[0];
  const answering = useAnswer({ talker, model, settings, dispatch });
  const chat = shownChat(chats);
  const running = answering.running?.chatId === chat.id ? answering.running : undefined;

  const offer = useCallback(
    (offered: File | undefined) => {
      if (model?.showsPictures === false) setNote(`${model.id} sees no pictures.`);
      else if (offered === undefined) setNote('That is no picture: JPEG, PNG, WebP, GIF or BMP.');
      else {
        setNote(undefined);
        setPicture(offered);
      }
    },
    [model],
  );
  const isOver = usePictureDrop(offer);
  useEscape(() => (isListOpen ? setListOpen(false) : answering.stop()));

  const send = (text: string) => {
    answering.say(chat, chat.messages.length, { role: 'user', id: crypto.randomUUID(), text, picture });
    setPicture(undefined);
    setNote(undefined);
  };

  return (
    <div className="app" data-dropping={isOver || undefined}>
      <ChatList chats={chats} dispatch={dispatch} isOpen={isListOpen} onClose={() => setListOpen(false)} />
      <main className="main">
        <Header
          models={models}
          model={model}
          onModel={choose}
          settings={settings}
          onSettings={setSettings}
          isListOpen={isListOpen}
          onList={() => setListOpen(!isListOpen)}
        />
        {state.kind === 'ready' ? (
          <Conversation key={chat.id} chat={chat} model={model} running={running} onSay={answering.say} />
        ) : (
          <Opening state={state} onRetry={retry} onKey={giveKey} />
        )}
        <Composer
          key={`composer ${chat.id}`}
          model={model}
          isRunning={running !== undefined}
          picture={picture}
          note={note ?? fault}
          onPicture={offer}
          onNoPicture={() => setPicture(undefined)}
          onSend={send}
          onStop={answering.stop}
        />
      </main>
      {isOver && <div className="drop-target">Drop the picture</div>}
    </div>
  );
}
