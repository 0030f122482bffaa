import type { Tokenizer } from '@eim/contracts';
import { type AnsweringModel, promptIdsOf, stopTokensOf } from '@eim/core';
import { createRandomStream } from '@eim/engine';
import { injectionKind, PromptReader, rowStreams, SharedPrefixes } from '@eim/nn';
import { argumentError } from '../arguments/argument-error.js';
import { checkIds } from '../published/check-ids.js';
import { AnswerLane } from './answer-lane.js';
import type { AnswerEvent, AnswerRequest, SchedulerCounts } from './answer-request.js';
import { AnswerRow } from './answer-row.js';
import { openPrompt } from './open-prompt.js';
import { ScheduledAnswer } from './scheduled-answer.js';
import { completeLimits, type SchedulerLimits } from './scheduler-limits.js';
import { turnsForOthers } from './turns-for-others.js';

/** The most that connections and requests may take of the time that steps take. */
const SHARE_OF_OTHERS = 0.1;

export interface AnswerSchedulerOptions {
  readonly parts: AnsweringModel;
  readonly tokenizer: Tokenizer;
  readonly limits?: SchedulerLimits | undefined;
}

/**
 * Answers many requests to one model at once (continuous batching; Yu et al. 2022, "Orca", section 3.2). Between any two decoding
 * steps answers join those that are being written, and leave them; prompts are read in pieces in between, in turn, so that a
 * long one does not stall the others; what an earlier request has read is not read again. An answer is what it would be alone.
 * @example
 * const scheduler = new AnswerScheduler({ parts: { llm }, tokenizer });
 * for await (const event of scheduler.ask({ row: { prompt: 'The sea is' }, maxNewTokens: 20, seed: 0 })) {
 *   if (event.kind === 'piece') process.stdout.write(event.text);
 * }
 * await scheduler.close();
 */
export class AnswerScheduler {
  readonly #parts: AnsweringModel;
  readonly #tokenizer: Tokenizer;
  readonly #limits: ReturnType<typeof completeLimits>;
  readonly #kept: SharedPrefixes;
  readonly #lanes = new Map<string, AnswerLane>();
  #waiting: ScheduledAnswer[] = [];
  #reading: ScheduledAnswer[] = [];
  #work: Promise<void> | undefined;
  #promptTokens = 0;
  #sharedTokens = 0;
  #newTokens = 0;
  #steps = 0;

  constructor({ parts, tokenizer, limits = {} }: AnswerSchedulerOptions) {
    this.#parts = parts;
    this.#tokenizer = tokenizer;
    this.#limits = completeLimits(limits);
    this.#kept = new SharedPrefixes({ positions: this.#limits.keptPositions });
  }

  get counts(): SchedulerCounts {
    const answers = (asked: readonly ScheduledAnswer[]) =>
      asked.reduce((sum, { choices }) => sum + choices, 0);
    return {
      waiting: this.#waiting.length,
      reading: answers(this.#reading),
      running: [...this.#lanes.values()].reduce((sum, { count }) => sum + count, 0),
      keptPositions: this.#kept.positions,
      promptTokens: this.#promptTokens,
      sharedTokens: this.#sharedTokens,
      newTokens: this.#newTokens,
      steps: this.#steps,
    };
  }

  /** Whether so many more requests may wait. */
  hasRoom(requests = 1): boolean {
    return this.#waiting.length + requests <= this.#limits.queue;
  }

  /**
   * Answers a request as soon as there is room for it. Leaving the iteration early ends the work.
   * @throws EimError `invalid-argument` where it has more answers than there are rows, or its prompt does not fit into the
   * model's context
   */
  ask(request: AnswerRequest): AsyncGenerator<AnswerEvent, void, undefined> {
    const asked = this.#schedule(request);
    this.#waiting.push(asked);
    this.#work ??= this.#run();
    return read(asked);
  }

  /** Ends what is under way, and frees what is kept; the model stays. */
  async close(): Promise<void> {
    for (const asked of this.#all()) asked.cancel();
    await this.#work;
    this.#kept.dispose();
  }

  #schedule(request: AnswerRequest): ScheduledAnswer {
    const { llm, st, encoder } = this.#parts;
    const { row, picture, maxNewTokens, choices = 1 } = request;
    if (choices > this.#limits.rows) {
      throw argumentError(
        `${choices} answers were asked for; at most ${this.#limits.rows} are written at once.`,
        'Ask for fewer.',
      );
    }
    if (picture && !encoder) {
      throw argumentError('The model is an LLM by itself and sees no pictures.', 'Ask without pictures.');
    }
    const ids = promptIdsOf(row, llm, this.#tokenizer);
    checkIds(ids, llm);
    const prompt = ids.length + (picture ? (st?.prefixLength ?? 0) : 0);
    if (prompt > llm.contextLength - 1) {
      throw argumentError(
        `The prompt takes ${prompt} positions and leaves no room for an answer: the model's context has ${llm.contextLength}.`,
        'Shorten it.',
      );
    }
    const longest = ids.length + (st?.prefixLength ?? 0) + maxNewTokens;
    return new ScheduledAnswer(request, ids, Math.min(longest, llm.contextLength));
  }

  /** Never rejects: what goes wrong ends the requests that it concerns. */
  async #run(): Promise<void> {
    while (this.#all().length > 0) {
      const started = performance.now();
      try {
        await this.#round();
      } catch (error) {
        for (const asked of this.#all()) asked.cancel(error);
      }
      await turnsForOthers(SHARE_OF_OTHERS * (performance.now() - started));
    }
    this.#work = undefined; // in the same turn, so that no request falls between
  }

  async #round(): Promise<void> {
    this.#dropCancelled();
    await this.#admit();
    await this.#readPieces();
    for (const [kind, lane] of this.#lanes) {
      if (lane.count > 0) await this.#step(lane);
      if (lane.count === 0) this.#lanes.delete(kind);
    }
  }

  #all(): ScheduledAnswer[] {
    return [...this.#waiting, ...this.#reading, ...this.#writing()];
  }

  #writing(): ScheduledAnswer[] {
    return [...this.#lanes.values()].flatMap((lane) => [...lane.requests()]);
  }

  #dropCancelled(): void {
    const all = this.#all();
    for (const lane of this.#lanes.values()) lane.leave(({ asked }) => asked.isCancelled);
    this.#waiting = this.#waiting.filter(({ isCancelled }) => !isCancelled);
    this.#reading = this.#reading.filter(({ isCancelled }) => !isCancelled);
    for (const asked of all) if (asked.isCancelled) this.#end(asked, asked.error);
  }

  /** Requests begin in the order in which they came. */
  async #admit(): Promise<void> {
    for (let next = this.#waiting[0]; next && this.#fits(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#reading.push(next);
      try {
        await this.#open(next);
      } catch (error) {
        this.#reading = this.#reading.filter((asked) => asked !== next);
        this.#end(next, error);
      }
    }
  }

  #fits(next: ScheduledAnswer): boolean {
    const begun = [...this.#reading, ...this.#writing()];
    if (begun.length === 0) return true;
    const { reading, running } = this.counts;
    const rows = reading + running + next.choices;
    const longest = Math.max(...[...begun, next].map(({ reserved }) => reserved));
    return rows <= this.#limits.rows && rows * longest <= this.#limits.positions;
  }

  async #open(asked: ScheduledAnswer): Promise<void> {
    const { request, promptIds } = asked;
    const { llm } = this.#parts;
    asked.open(await openPrompt(this.#parts, request, promptIds));
    const streams = rowStreams({ ...request, random: createRandomStream(request.seed) }, asked.choices);
    asked.rows = Array.from(
      { length: asked.choices },
      (_, choice) =>
        new AnswerRow({
          request,
          choice,
          promptIds,
          tokenizer: this.#tokenizer,
          limit: asked.roomIn(llm),
          stopTokens: stopTokensOf(llm),
          stream: streams?.[choice],
        }),
    );
  }

  /** Its turn has come: what was read until now is not read again. */
  #reader(asked: ScheduledAnswer): PromptReader {
    const { keys, prompt, length } = asked.opened;
    const { llm } = this.#parts;
    const isWhole = llm.readsTextsWhole === true;
    const shared = isWhole || keys === undefined ? undefined : this.#kept.find(keys, keys.length - 1);
    const sharedTokens = shared?.length ?? 0;
    this.#promptTokens += length;
    this.#sharedTokens += sharedTokens;
    asked.events.push({ kind: 'begin', promptTokens: length, sharedTokens });
    const pieceLength = isWhole ? undefined : this.#limits.pieceLength;
    return new PromptReader(llm, prompt, { pieceLength, shared });
  }

  /** Reads as much as one piece has, of several prompts in turn where they are short. */
  async #readPieces(): Promise<void> {
    for (let left = this.#limits.pieceLength; left > 0; ) {
      const [asked, ...others] = this.#reading;
      if (asked === undefined) return;
      try {
        asked.reader ??= this.#reader(asked);
        left -= asked.reader.next;
        const scores = await asked.reader.read();
        this.#reading = scores === undefined ? [...others, asked] : others;
        if (scores !== undefined) this.#begin(asked, scores);
      } catch (error) {
        this.#reading = others;
        this.#end(asked, error);
      }
    }
  }

  /** The prompt has been read: its answers begin, and join the others. */
  #begin(asked: ScheduledAnswer, scores: Float32Array): void {
    const { reader, rows, opened, events } = asked;
    const begun = reader!.finish();
    if (opened.keys && !this.#parts.llm.readsTextsWhole) {
      this.#kept.add(opened.keys, () => begun.cache.gather([0]));
    }
    for (const row of rows) events.push(row.accept(scores));
    const kind = injectionKind(begun.injection);
    const lane = this.#lanes.get(kind) ?? new AnswerLane(this.#parts.llm, this.#kept);
    this.#lanes.set(kind, lane);
    lane.add(asked, begun);
    this.#finish([asked]);
  }

  async #step(lane: AnswerLane): Promise<void> {
    const requests = lane.requests();
    try {
      await lane.step();
      this.#steps++;
    } catch (error) {
      lane.dispose();
      for (const asked of requests) this.#end(asked, error);
    }
    this.#finish(requests);
  }

  #finish(requests: Iterable<ScheduledAnswer>): void {
    for (const asked of requests) {
      if (!asked.rows.every(({ ended }) => ended)) continue;
      this.#end(asked);
    }
  }

  #end(asked: ScheduledAnswer, error?: unknown): void {
    this.#newTokens += asked.rows.reduce((sum, { ids }) => sum + ids.length, 0);
    asked.end(error);
  }
}

async function* read(asked: ScheduledAnswer): AsyncGenerator<AnswerEvent, void, undefined> {
  try {
    yield* asked.events.read();
  } finally {
    asked.cancel();
  }
}
