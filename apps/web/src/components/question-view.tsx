import { useState } from 'react';
import type { UserMessage } from '../chats/chat.js';
import { useObjectUrl } from '../pictures/use-object-url.js';
import { IconButton } from './icon-button.js';
import { MessageEditor } from './message-editor.js';

interface QuestionViewProps {
  readonly message: UserMessage;
  /** Says it anew in other words; absent while an answer comes. */
  readonly onChange: ((message: UserMessage) => void) | undefined;
}

/** What the user said. */
export function QuestionView({ message, onChange }: QuestionViewProps) {
  const [isEdited, setEdited] = useState(false);
  const url = useObjectUrl(message.picture);
  const save = (text: string) => {
    setEdited(false);
    onChange?.({ ...message, id: crypto.randomUUID(), text });
  };
  return (
    <article className="question" aria-label="You">
      {url && <img className="shown-picture" src={url} alt="Shown by you" />}
      {isEdited ? (
        <MessageEditor
          text={message.text}
          mayBeEmpty={message.picture !== undefined}
          onSave={save}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <>
          {message.text && <p className="text">{message.text}</p>}
          {onChange && (
            <div className="actions">
              <IconButton icon="pencil" label="Edit" onClick={() => setEdited(true)} />
            </div>
          )}
        </>
      )}
    </article>
  );
}
