import { useRef, useState } from 'react';
import type { ModelFacts } from '../talk/talker.js';
import { IconButton } from './icon-button.js';
import { PictureButton } from './picture-button.js';
import { PictureChip } from './picture-chip.js';
import { submitsOnEnter } from './submits-on-enter.js';

interface ComposerProps {
  /** Absent until there is somebody to talk with. */
  readonly model: ModelFacts | undefined;
  readonly isRunning: boolean;
  readonly picture: File | undefined;
  /** What the user should know. */
  readonly note: string | undefined;
  readonly onPicture: (picture: File | undefined) => void;
  readonly onNoPicture: () => void;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

/** Where a message is written. */
export function Composer(props: ComposerProps) {
  const { model, isRunning, picture, note, onPicture, onNoPicture, onSend, onStop } = props;
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const canSend = model !== undefined && !isRunning && (text.trim() !== '' || picture !== undefined);
  const send = () => {
    if (!canSend) return;
    onSend(text.trim());
    setText('');
    field.current?.focus();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="note" role="status">
        {note}
      </p>
      {picture && <PictureChip picture={picture} onRemove={onNoPicture} />}
      <div className="composer-row">
        {model?.showsPictures && <PictureButton onPicture={onPicture} />}
        <textarea
          ref={field}
          aria-label="Message"
          placeholder="Message"
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => submitsOnEnter(event, send)}
        />
        {isRunning ? (
          <IconButton icon="stop" label="Stop" className="primary" onClick={onStop} />
        ) : (
          <IconButton icon="send" label="Send" className="primary" type="submit" disabled={!canSend} />
        )}
      </div>
    </form>
  );
}
