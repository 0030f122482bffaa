import type { AnsweringModel } from '@eim/core';
import type { ChatForm } from './chat-form.js';

/** A loaded model and the form of its conversations. */
export interface OpenedChatModel {
  readonly path: string;
  readonly kind: 'run' | 'llm';
  readonly parts: AnsweringModel;
  readonly form: ChatForm;
  dispose(): void;
}
