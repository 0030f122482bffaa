import type { ChatSession, ChatStats } from '@eim/runs';
import type { ChatSettings } from './chat-settings.js';
import type { ChatView } from './chat-view.js';

/** What a chat's loop and its commands share. */
export interface ChatState {
  readonly session: Pick<
    ChatSession,
    'model' | 'history' | 'view' | 'system' | 'reset' | 'show' | 'load' | 'ask'
  >;
  readonly view: ChatView;
  readonly workingFolder: string;
  settings: ChatSettings;
  /** Of the last answer. */
  stats?: ChatStats;
  /** Oldest exchanges that the last question was asked without. */
  dropped: number;
  ended: boolean;
}
