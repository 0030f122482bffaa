import type { AssistantMessage } from '../chats/chat.js';
import { IconButton } from './icon-button.js';
import { StatsLine } from './stats-line.js';

interface AnswerViewProps {
  readonly message: AssistantMessage;
  readonly isRunning: boolean;
  /** Answers the same question again; on the last answer alone. */
  readonly onRetry: (() => void) | undefined;
}

/** What the model answered. */
export function AnswerView({ message, isRunning, onRetry }: AnswerViewProps) {
  const { model, end, fault } = message;
  const text = message.text.trimStart(); // some vocabularies begin every word with a space
  return (
    <article className="answer" aria-label={model} aria-busy={isRunning}>
      {(text !== '' || isRunning) && (
        <p className="text">
          {text}
          {isRunning && <span className="cursor" aria-hidden="true" />}
        </p>
      )}
      {end === 'failed' && <p className="fault">{fault}</p>}
      {!isRunning && (
        <div className="actions">
          {onRetry && <IconButton icon="again" label="Answer again" onClick={onRetry} />}
          {text !== '' && (
            <IconButton icon="copy" label="Copy" onClick={() => void navigator.clipboard.writeText(text)} />
          )}
          <StatsLine message={message} />
        </div>
      )}
    </article>
  );
}
