import { type Dispatch, useCallback, useRef, useState } from 'react';
import type { AssistantMessage, Chat, Message, UserMessage } from '../chats/chat.js';
import type { ChatsAction } from '../chats/chats-reducer.js';
import type { Settings } from '../settings/settings.js';
import type { ModelFacts, Talker } from '../talk/talker.js';
import { AnswerClock } from './answer-clock.js';
import { turnsOf } from './turns-of.js';

export interface Answering {
  /** The answer that is being written. */
  readonly running: { readonly chatId: string; readonly messageId: string } | undefined;
  /** Keeps so many messages of a chat, says another, and has it answered. */
  say(chat: Chat, keep: number, message: UserMessage): void;
  stop(): void;
}

interface UseAnswerOptions {
  readonly talker: Talker;
  /** Absent until there is one; nothing can be said before. */
  readonly model: ModelFacts | undefined;
  readonly settings: Settings;
  readonly dispatch: Dispatch<ChatsAction>;
}

/** Has questions answered, one at a time. */
export function useAnswer({ talker, model, settings, dispatch }: UseAnswerOptions): Answering {
  const [running, setRunning] = useState<Answering['running']>();
  const controller = useRef<AbortController>(undefined);
  const stop = useCallback(() => controller.current?.abort(), []);

  const say = (chat: Chat, keep: number, message: UserMessage): void => {
    if (model === undefined) return;
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const answer: AssistantMessage = {
      role: 'assistant',
      id: crypto.randomUUID(),
      text: '',
      model: model.id,
    };
    const place = { chatId: chat.id, messageId: answer.id };
    dispatch({ kind: 'say', chatId: chat.id, keep, messages: [message, answer] });
    setRunning(place);
    const change = (to: (message: AssistantMessage) => AssistantMessage) =>
      dispatch({ kind: 'answer', ...place, change: to });
    void write(model, [...chat.messages.slice(0, keep), message], own.signal, change).finally(() => {
      setRunning((now) => (now?.messageId === answer.id ? undefined : now));
    });
  };

  async function write(
    { id, maxNewTokens: most = Number.POSITIVE_INFINITY }: ModelFacts,
    messages: readonly Message[],
    signal: AbortSignal,
    change: (to: (message: AssistantMessage) => AssistantMessage) => void,
  ): Promise<void> {
    const { system, temperature, maxNewTokens } = settings;
    const clock = new AnswerClock();
    try {
      const turns = turnsOf(messages, system);
      const request = { model: id, turns, temperature, maxNewTokens: Math.min(maxNewTokens, most) };
      for await (const event of talker.answer(request, signal)) {
        if (event.kind === 'text') {
          clock.piece();
          change((message) => ({ ...message, text: message.text + event.text }));
        } else {
          const stats = event.usage && clock.stats(event.usage);
          change((message) => ({ ...message, end: event.end, stats }));
        }
      }
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      change((message) =>
        signal.aborted ? { ...message, end: 'stopped' } : { ...message, end: 'failed', fault },
      );
    }
  }

  return { running, say, stop };
}
