import type { Answering } from '../answering/use-answer.js';
import type { Chat, Message, UserMessage } from '../chats/chat.js';
import type { ModelFacts } from '../talk/talker.js';
import { AnswerView } from './answer-view.js';
import { QuestionView } from './question-view.js';
import { useFollowing } from './use-following.js';

interface ConversationProps {
  readonly chat: Chat;
  readonly model: ModelFacts | undefined;
  readonly running: Answering['running'];
  readonly onSay: Answering['say'];
}

/** All that was said in a chat. */
export function Conversation({ chat, model, running, onSay }: ConversationProps) {
  const { messages } = chat;
  const last = messages.at(-1);
  const scroller = useFollowing(last?.text ?? '', messages.length);
  const question = (index: number) => messages.findLast((one, at) => at < index && one.role === 'user');

  const view = (message: Message, index: number) =>
    message.role === 'user' ? (
      <QuestionView
        message={message}
        onChange={running ? undefined : (changed) => onSay(chat, index, changed)}
      />
    ) : (
      <AnswerView
        message={message}
        isRunning={running?.messageId === message.id}
        onRetry={
          message === last && running === undefined && question(index)
            ? () => onSay(chat, index - 1, question(index) as UserMessage)
            : undefined
        }
      />
    );

  return (
    <div ref={scroller} className="conversation">
      {messages.length === 0 && <Welcome model={model} />}
      <ol className="messages" aria-label="Conversation">
        {messages.map((message, index) => (
          <li key={message.id}>{view(message, index)}</li>
        ))}
      </ol>
      <p className="for-readers" role="status">
        {last?.role === 'assistant' && (last.end === undefined ? 'Answering' : `Answer: ${last.text}`)}
      </p>
    </div>
  );
}

function Welcome({ model }: Pick<ConversationProps, 'model'>) {
  return (
    <div className="welcome">
      <h2>{model?.showsPictures ? 'Show a picture, or ask something' : 'Ask something'}</h2>
      {model?.showsPictures && (
        <p>
          Drop, paste or choose a picture. Without a question it is described; with one, it is asked about.
        </p>
      )}
    </div>
  );
}
