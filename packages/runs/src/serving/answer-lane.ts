import type { LanguageModel } from '@eim/contracts/model';
import { type BegunRow, RunningRows, type SharedPrefixes } from '@eim/nn';
import type { AnswerRow } from './answer-row.js';
import type { ScheduledAnswer } from './scheduled-answer.js';

interface Writing {
  readonly asked: ScheduledAnswer;
  readonly row: AnswerRow;
}

/** Answers of one injection kind, written side by side. */
export class AnswerLane {
  readonly #running: RunningRows;
  readonly #kept: SharedPrefixes;
  #writing: Writing[] = [];

  constructor(llm: LanguageModel, kept: SharedPrefixes) {
    this.#running = new RunningRows(llm);
    this.#kept = kept;
  }

  get count(): number {
    return this.#writing.length;
  }

  /** Answers whose first tokens have been chosen; those that ended with them are left out. */
  add(asked: ScheduledAnswer, begun: BegunRow): void {
    const open = asked.rows.filter((row) => !row.ended);
    if (open.length === 0) begun.cache.dispose();
    else this.#running.add(begun, open.length);
    this.#writing.push(...open.map((row) => ({ asked, row })));
  }

  /** One token for each answer. */
  async step(): Promise<void> {
    const last = this.#writing.map(({ row }) => row.last);
    const greedy = this.#writing.every(({ row }) => row.isGreedy);
    const likeliest = greedy ? await this.#running.advanceGreedily(last) : undefined;
    const scores = greedy ? undefined : await this.#running.advance(last);
    for (const [index, { asked, row }] of this.#writing.entries()) {
      if (asked.isCancelled) continue;
      asked.events.push(scores ? row.accept(scores[index]!) : row.append(likeliest![index]!));
    }
    this.#keepReadTexts();
    this.leave(({ row }) => row.ended);
  }

  /** Answers go, with all that they hold here. */
  leave(goes: (writing: Writing) => boolean): void {
    const staying = [...this.#writing.keys()].filter((index) => !goes(this.#writing[index]!));
    this.#running.keep(staying);
    this.#writing = staying.map((index) => this.#writing[index]!);
  }

  /** All requests with answers here. */
  requests(): Set<ScheduledAnswer> {
    return new Set(this.#writing.map(({ asked }) => asked));
  }

  dispose(): void {
    this.leave(() => true);
  }

  /** A chat goes on from its last answer: what was read of it is kept, which is all but a token that nothing followed. */
  #keepReadTexts(): void {
    for (const [index, { asked, row }] of this.#writing.entries()) {
      const { keys } = asked.opened;
      if (!row.ended || row.choice > 0 || keys === undefined || asked.isCancelled) continue;
      const cache = () => this.#running.cacheOf(index);
      this.#kept.add([...keys, ...row.ids.slice(0, row.readCount)], cache);
    }
  }
}
