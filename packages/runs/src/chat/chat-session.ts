import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawPicture } from '@eim/contracts';
import { argumentError } from '../arguments/argument-error.js';
import { type CompleteContext, completeContext, type RunsContext } from '../context.js';
import { computeOf } from '../published/compute-of.js';
import { GenerationClock } from '../published/generation-clock.js';
import { type AnswerPiecesOptions, answerPieces } from './answer-pieces.js';
import { type ChatExchange, type ChatHistory, type ChatPictureSource, exchangesFor } from './chat-history.js';
import type { LoadedChat } from './chat-messages.js';
import type { ChatStats } from './chat-stats.js';
import type { ChatText } from './chat-text.js';
import { fitExchanges } from './fit-exchanges.js';
import { type ChatModelChoice, openChatModel } from './open-chat-model.js';
import type { OpenedChatModel } from './opened-chat-model.js';
import { readChatPicture } from './read-chat-picture.js';

export interface OpenChatSessionOptions extends RunsContext, ChatModelChoice {
  /** Whether pictures may be fetched from http and https addresses. @default false */
  readonly allowFetch?: boolean | undefined;
}

/** Aborting the signal ends the answer where it is; what has come stays in the history. */
export type AskOptions = AnswerPiecesOptions;

/** What comes while a question is answered. */
export type ChatPiece =
  /** The oldest exchanges that the model does not read any more, as the context is full. Only where there are some. */
  | { readonly kind: 'dropped'; readonly exchanges: number }
  | { readonly kind: 'text'; readonly picture?: ChatPictureSource; readonly text: string }
  | ({ readonly kind: 'answer'; readonly picture?: ChatPictureSource } & ChatAnswer);

export interface ChatAnswer {
  readonly text: string;
  /** `stopped` by the signal. */
  readonly end: 'stop' | 'length' | 'stopped';
  readonly stats: ChatStats;
}

/**
 * A conversation with a model that stays loaded.
 * @throws EimError naming what is wrong with the model
 * @example
 * const session = await ChatSession.open({ packages, model: { path: 'runs/my-20250101-120000' } });
 * await session.show(['cat.jpg']);
 * for await (const piece of session.ask('What is this?', { maxNewTokens: 50, signal })) {
 *   if (piece.kind === 'text') process.stdout.write(piece.text);
 * }
 * session.dispose();
 */
export class ChatSession {
  readonly #model: OpenedChatModel;
  readonly #context: CompleteContext;
  readonly #allowFetch: boolean;
  readonly #pictures = new Map<ChatPictureSource, RawPicture>();
  #system: string | undefined;
  #exchanges: readonly ChatExchange[] = [];
  /** Pictures that the next question brings. */
  #shown: readonly ChatPictureSource[] = [];
  #view: readonly ChatPictureSource[] = [];

  private constructor(model: OpenedChatModel, context: CompleteContext, allowFetch: boolean) {
    this.#model = model;
    this.#context = context;
    this.#allowFetch = allowFetch;
  }

  static async open(options: OpenChatSessionOptions): Promise<ChatSession> {
    const context = completeContext(options);
    const model = await openChatModel(options, context);
    return new ChatSession(model, context, options.allowFetch ?? false);
  }

  get model(): { path: string; form: 'template' | 'plain'; contextLength: number; showsPictures: boolean } {
    const { path, form, parts } = this.#model;
    const { contextLength } = parts.llm;
    return { path, form: form.name, contextLength, showsPictures: parts.encoder !== undefined };
  }

  get history(): ChatHistory {
    return { system: this.#system, exchanges: this.#exchanges };
  }

  /** The pictures that the next question is about. */
  get view(): readonly ChatPictureSource[] {
    return this.#shown.length > 0 ? this.#shown : this.#view;
  }

  /** What stands before all exchanges, whatever is dropped; undefined takes it away. */
  set system(text: string | undefined) {
    this.#system = text;
  }

  /** Forgets the exchanges and the pictures; the system message stays. */
  reset(): void {
    this.#exchanges = [];
    this.#shown = this.#view = [];
    this.#pictures.clear();
  }

  /**
   * Adds pictures to the next question, which is then about them instead of those before.
   * @throws EimError where the model has no encoder; naming what is wrong with a picture. Then none is added.
   */
  async show(sources: readonly ChatPictureSource[]): Promise<void> {
    await this.#read(sources);
    this.#shown = [...new Set([...this.#shown, ...sources])];
  }

  /** Takes the place of all that was said. @throws EimError as `show`; then nothing has changed */
  async load({ history: { system, exchanges }, view, pending }: LoadedChat): Promise<void> {
    await this.#read(view);
    this.#system = system;
    this.#exchanges = exchanges;
    this.#shown = pending?.shown ?? [];
    this.#view = view;
  }

  /**
   * Answers a question, once for each picture in view, and keeps it in the history with what was said to it.
   * @throws EimError `invalid-argument` where it does not fit into the context; naming what the template refuses. The
   * question is not kept then, and its pictures wait for the next one.
   */
  async *ask(prompt: string, options: AskOptions): AsyncGenerator<ChatPiece, void, undefined> {
    const view = this.view;
    const rows = view.length === 0 ? [undefined] : view;
    const answers: string[] = [];
    const dropped = Math.max(...rows.map((picture) => this.#droppedFor(picture, prompt, options)));
    if (dropped > 0) yield { kind: 'dropped', exchanges: dropped };
    for (const picture of rows) {
      if (options.signal.aborted) break;
      const named = picture === undefined ? {} : { picture };
      for await (const piece of this.#answer(this.#text(picture, prompt, dropped), picture, options)) {
        if (typeof piece === 'string') yield { kind: 'text', ...named, text: piece };
        else {
          if (piece.end !== 'stopped' || piece.text !== '') answers.push(piece.text);
          yield { kind: 'answer', ...named, ...piece };
        }
      }
    }
    if (answers.length === 0) return;
    // Pictures that were not reached any more have an empty answer.
    while (answers.length < rows.length) answers.push('');
    this.#exchanges = [...this.#exchanges, { prompt, shown: this.#shown, view, answers }];
    this.#shown = [];
    this.#view = view;
  }

  dispose(): void {
    this.#model.dispose();
  }

  async #read(sources: readonly ChatPictureSource[]): Promise<void> {
    if (sources.length > 0 && !this.model.showsPictures) {
      throw argumentError(
        `${this.#model.path} is an LLM by itself and sees no pictures.`,
        'Chat with a run, whose model has an image encoder, or ask without pictures.',
      );
    }
    const options = { ...this.#context, allowFetch: this.#allowFetch };
    const missing = sources.filter((source) => !this.#pictures.has(source));
    const read = await Promise.all(missing.map((source) => readChatPicture(source, options)));
    for (const [index, source] of missing.entries()) this.#pictures.set(source, read[index]!);
  }

  #text(picture: ChatPictureSource | undefined, prompt: string, dropped: number): ChatText {
    const earlier = exchangesFor(picture, this.#exchanges.slice(dropped));
    return { system: this.#system, earlier, prompt };
  }

  #droppedFor(picture: ChatPictureSource | undefined, prompt: string, { maxNewTokens }: AskOptions): number {
    const { parts, form } = this.#model;
    const prefixLength = parts.st?.prefixLength ?? 0;
    const room = { contextLength: parts.llm.contextLength, prefixLength, maxNewTokens };
    return fitExchanges(this.#exchanges.length, room, (dropped) =>
      form.count(this.#text(picture, prompt, dropped)),
    );
  }

  /** Texts as they come, and the whole answer at the end. */
  async *#answer(
    asked: ChatText,
    picture: ChatPictureSource | undefined,
    options: AskOptions,
  ): AsyncGenerator<string | ChatAnswer, void, undefined> {
    const row = this.#model.form.row(asked);
    const clock = new GenerationClock();
    const shown = picture === undefined ? undefined : this.#pictures.get(picture)!;
    let [text, end]: [string, ChatAnswer['end']] = ['', 'stopped'];
    try {
      clock.loaded();
      for await (const piece of answerPieces(this.#model, row, shown, options)) {
        clock.tokens(piece.ids.length);
        text += piece.text;
        end = piece.end ?? end;
        if (piece.text !== '') yield piece.text;
        await nextTurn(); // a Ctrl-C is heard between two tokens
        if (options.signal.aborted) break;
      }
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
    yield { text, end, stats: this.#stats(clock, asked) };
  }

  #stats(clock: GenerationClock, asked: ChatText): ChatStats {
    const compute = computeOf(this.#model.parts.llm);
    const { promptSeconds, newTokens, decodeSeconds, peakResidentBytes } = clock.stats(0, compute);
    return {
      promptTokens: this.#model.form.count(asked),
      newTokens,
      secondsToFirstToken: promptSeconds,
      tokensPerSecond: newTokens > 1 ? (newTokens - 1) / decodeSeconds : null,
      peakResidentBytes,
      compute,
    };
  }
}
