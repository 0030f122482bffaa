import type { AnswerStats } from '../chats/chat.js';
import type { AnswerUsage } from '../talk/talker.js';

/** Takes the times of one answer. */
export class AnswerClock {
  readonly #began = performance.now();
  #first: number | undefined;

  /** A piece of text has come. */
  piece(): void {
    this.#first ??= performance.now();
  }

  /** What the whole answer took. */
  stats({ promptTokens, newTokens }: AnswerUsage): AnswerStats {
    const now = performance.now();
    const first = this.#first ?? now;
    const seconds = (now - first) / 1000;
    return {
      promptTokens,
      newTokens,
      secondsToFirstToken: (first - this.#began) / 1000,
      ...(newTokens > 1 && seconds > 0 && { tokensPerSecond: (newTokens - 1) / seconds }),
    };
  }
}
