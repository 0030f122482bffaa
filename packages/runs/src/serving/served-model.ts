import { createHash } from 'node:crypto';
import type { RawPicture } from '@eim/contracts';
import type { ComputeMode } from '@eim/contracts/model';
import { currentEngine, type EngineInfo } from '@eim/engine';
import { preprocess } from '@eim/images';
import type { ChatMessage } from '@eim/tokenizers';
import { argumentError } from '../arguments/argument-error.js';
import type { OpenedChatModel } from '../chat/opened-chat-model.js';
import { computeOf } from '../published/compute-of.js';
import type { AnswerRequest, RatedToken, SchedulerCounts, ServedPicture } from './answer-request.js';
import { AnswerScheduler } from './answer-scheduler.js';
import type { SchedulerLimits } from './scheduler-limits.js';

/** What is to be answered: messages, a text to be continued, or ids. */
export type ServedPrompt =
  | { readonly messages: readonly ChatMessage[] }
  | { readonly text: string }
  | { readonly ids: readonly number[] };

/** A request but for its row. */
export type AnswerChoice = Omit<AnswerRequest, 'row'>;

/** A loaded model that answers many requests at once. */
export class ServedModel {
  readonly #opened: OpenedChatModel;
  readonly #scheduler: AnswerScheduler;

  /** @param id by which requests name it */
  constructor(
    readonly id: string,
    opened: OpenedChatModel,
    limits: SchedulerLimits = {},
  ) {
    this.#opened = opened;
    const { parts, form } = opened;
    this.#scheduler = new AnswerScheduler({ parts, tokenizer: form.tokenizer, limits });
  }

  get path(): string {
    return this.#opened.path;
  }

  get form(): 'template' | 'plain' {
    return this.#opened.form.name;
  }

  get showsPictures(): boolean {
    return this.#opened.parts.encoder !== undefined;
  }

  get contextLength(): number {
    return this.#opened.parts.llm.contextLength;
  }

  /** What it computes on. */
  get engine(): EngineInfo | undefined {
    return currentEngine();
  }

  get compute(): ComputeMode {
    return computeOf(this.#opened.parts.llm);
  }

  get counts(): SchedulerCounts {
    return this.#scheduler.counts;
  }

  /** Whether so many more requests may wait. */
  hasRoom(requests?: number): boolean {
    return this.#scheduler.hasRoom(requests);
  }

  /**
   * A decoded picture as requests bring it along.
   * @throws EimError `invalid-argument` where the model sees no pictures
   */
  prepare(picture: RawPicture): ServedPicture {
    const { encoder } = this.#opened.parts;
    if (!encoder) {
      throw argumentError(
        `The model ${this.id} is an LLM by itself and sees no pictures.`,
        'Ask without pictures.',
      );
    }
    const pixels = preprocess(picture, encoder.preprocessing);
    return { pixels, fingerprint: createHash('sha256').update(pixels).digest('base64') };
  }

  /** @throws EimError `invalid-argument` as `AnswerScheduler.ask`, and naming what the chat template refuses */
  ask(prompt: ServedPrompt, choice: AnswerChoice): ReturnType<AnswerScheduler['ask']> {
    return this.#scheduler.ask({ ...choice, row: this.#row(prompt) });
  }

  /**
   * What one token adds to a text, a space before it included; a part of a character is a replacement character, and a special
   * token nothing.
   */
  textOf({ id }: Pick<RatedToken, 'id'>): string {
    const { tokenizer } = this.#opened.form;
    if (id >= tokenizer.vocabularySize) return '';
    // behind itself: at the beginning of a text some tokenizers leave a space out
    return tokenizer.decode([id, id]).slice(tokenizer.decode([id]).length);
  }

  /** Ends all requests and frees the model. */
  async close(): Promise<void> {
    await this.#scheduler.close();
    this.#opened.dispose();
  }

  #row(prompt: ServedPrompt): AnswerRequest['row'] {
    const { form } = this.#opened;
    if ('ids' in prompt) return prompt;
    return 'text' in prompt ? form.rowOfText(prompt.text) : form.rowOfMessages(prompt.messages);
  }
}
