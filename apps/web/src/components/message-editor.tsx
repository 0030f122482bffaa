import { useEffect, useRef, useState } from 'react';
import { submitsOnEnter } from './submits-on-enter.js';

interface MessageEditorProps {
  readonly text: string;
  /** Whether a picture stands beside the text. */
  readonly mayBeEmpty: boolean;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** Changes a message where it stands; what was said after it is then said anew. */
export function MessageEditor({ text: before, mayBeEmpty, onSave, onCancel }: MessageEditorProps) {
  const [text, setText] = useState(before);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { length } = field.current!.value;
    field.current!.focus();
    field.current!.setSelectionRange(length, length);
  }, []);
  const isEmpty = text.trim() === '' && !mayBeEmpty;
  const save = () => {
    if (!isEmpty) onSave(text.trim());
  };
  return (
    <form
      className="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        aria-label="Message"
        ref={field}
        rows={Math.min(8, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return submitsOnEnter(event, save);
          event.preventDefault();
          onCancel();
        }}
      />
      <div className="editor-buttons">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={isEmpty}>
          Ask again
        </button>
      </div>
    </form>
  );
}
