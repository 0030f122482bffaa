import type { LanguageModel } from '@eim/contracts/model';
import type { PromptReader } from '@eim/nn';
import type { AnswerEvent, AnswerRequest } from './answer-request.js';
import type { AnswerRow } from './answer-row.js';
import { EventQueue } from './event-queue.js';
import type { OpenedPrompt } from './open-prompt.js';

/** A request on its way: it waits, its prompt is read, and its answers are written. */
export class ScheduledAnswer {
  readonly events = new EventQueue<AnswerEvent>();
  /** Set where its prompt is read. */
  reader: PromptReader | undefined;
  rows: AnswerRow[] = [];
  #opened: OpenedPrompt | undefined;
  #cancelled = false;
  #error: unknown;

  constructor(
    readonly request: AnswerRequest,
    readonly promptIds: readonly number[],
    /** Positions that each of its answers may take. */
    readonly reserved: number,
  ) {}

  get choices(): number {
    return this.request.choices ?? 1;
  }

  get isCancelled(): boolean {
    return this.#cancelled || (this.request.signal?.aborted ?? false);
  }

  get opened(): OpenedPrompt {
    return this.#opened!;
  }

  /** The prompt is open; what it holds is freed at the end. */
  open(opened: OpenedPrompt): void {
    this.#opened = opened;
  }

  /** What it was cancelled with. */
  get error(): unknown {
    return this.#error;
  }

  /** It ends before the next step. @param error what its reader is told */
  cancel(error?: unknown): void {
    this.#cancelled = true;
    this.#error ??= error;
  }

  /** Frees what it holds and ends its events. */
  end(error?: unknown): void {
    for (const row of this.rows) row.ended = true;
    this.reader?.dispose();
    this.reader = undefined;
    this.#opened?.dispose();
    this.#opened = undefined;
    this.events.end(error);
  }

  /** Tokens that an answer has room for. */
  roomIn({ contextLength }: LanguageModel): number {
    return Math.min(this.request.maxNewTokens, contextLength - this.opened.length + 1);
  }
}
