import type {
  GenerateRequest,
  Injection,
  KeyValueCache,
  LanguageModel,
  Tensor2D,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { tidied } from '../tidied.js';
import { type PromptLayout, slotPositions } from './prompt-layout.js';

/** The part of a language model that decoding uses. */
export type DecodableModel = Pick<LanguageModel, 'embed' | 'forward' | 'vocabularySize' | 'contextLength'>;

/** Scores of the next token, one array of `vocabularySize` a row. */
export type RowScores = readonly Float32Array[];

/** One batch being generated: the cache, and what its slots hold. Dispose of it at the end. */
export class DecodeSession {
  private cache: KeyValueCache | undefined;
  private readonly masks: number[][] | undefined;
  private readonly lengths: number[];
  private readonly sources: readonly number[];
  /** Real slots of the shortest prompt. */
  private readonly shortest: number;
  private readonly uncounted: number;

  /** @param copies rows that share each prompt: the beams */
  constructor(
    private readonly model: DecodableModel,
    private readonly request: GenerateRequest,
    private readonly layout: PromptLayout,
    private readonly copies = 1,
  ) {
    this.sources = Array.from({ length: layout.rows * copies }, (_, row) => Math.floor(row / copies));
    this.masks = layout.mask && this.sources.map((row) => [...layout.mask![row]!]);
    this.lengths = this.sources.map((row) => layout.lengths[row]!);
    this.shortest = Math.min(...layout.lengths);
    this.uncounted = request.injection?.prefix?.uncountedLater ?? 0;
  }

  /** Reads the prompts. */
  async start(): Promise<RowScores> {
    const { embeddings, injection } = this.request;
    const { mask, slots, last } = this.layout;
    const { logits, cache } = tidied(() =>
      this.model.forward(embeddings, {
        useCache: true,
        select: tf.tensor1d(
          last.map((slot, row) => row * slots + slot),
          'int32',
        ),
        ...(injection === undefined ? {} : { injection }),
        ...this.maskAndPositions(
          mask,
          (mask ?? this.layout.lengths.map((length) => new Array<number>(length).fill(1))).map((row) =>
            slotPositions(row).map((position) => this.counted(position)),
          ),
        ),
      }),
    );
    this.cache = cache;
    if (this.copies > 1) this.reorder(this.sources);
    const scores = await this.read(logits);
    return this.sources.map((row) => scores[row]!);
  }

  /** Appends one token to each row. @param ids one a row */
  async advance(ids: readonly number[]): Promise<RowScores> {
    const past = this.cache!;
    const last = this.model.contextLength - 1;
    for (const mask of this.masks ?? []) mask.push(1);
    const { logits, cache } = tidied(() => {
      const embeddings = this.model.embed(tf.tensor2d([...ids], [ids.length, 1], 'int32')); // [R, 1, D]
      return this.model.forward(embeddings, {
        useCache: true,
        cache: past,
        ...this.repeatedInjection(),
        // a row that has ended is fed on with the others, its position held inside the context
        ...this.maskAndPositions(
          this.masks,
          this.lengths.map((length) => [this.counted(Math.min(length, last))]),
        ),
      });
    });
    this.cache = cache;
    past.dispose();
    for (let row = 0; row < this.lengths.length; row++) this.lengths[row]!++;
    return this.read(logits);
  }

  /** Row i goes on from what row `indices[i]` has read. */
  reorder(indices: readonly number[]): void {
    const past = this.cache!;
    this.cache = past.gather(indices);
    past.dispose();
  }

  dispose(): void {
    this.cache?.dispose();
    this.cache = undefined;
  }

  private repeatedInjection(): { injection?: Injection } {
    const { injection } = this.request;
    if (injection === undefined) return {};
    return {
      injection: this.copies === 1 ? injection : repeatInjection(injection, this.layout.rows, this.sources),
    };
  }

  /** Where a slot stands that is number `position` of its row: behind the shortest prompt, slots may be uncounted. */
  private counted(position: number): number {
    return position < this.shortest ? position : position - this.uncounted;
  }

  /** Nothing where all slots are real and stand one after the other. */
  private maskAndPositions(
    mask: readonly (readonly number[])[] | undefined,
    positions: readonly (readonly number[])[],
  ): { mask?: Tensor2D; positions?: Tensor2D } {
    if (mask === undefined && this.uncounted === 0) return {};
    return {
      ...(mask && { mask: tf.tensor2d(mask as number[][], undefined, 'float32') }), // [R, S]
      positions: tf.tensor2d(positions as number[][], undefined, 'int32'), // [R, T]
    };
  }

  private async read(logits: Tensor2D): Promise<RowScores> {
    const [rows, width] = logits.shape;
    try {
      const values = (await logits.data()) as Float32Array;
      return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
    } finally {
      logits.dispose();
    }
  }
}

/** The injection for rows that are copies of the rows `indices`; tensors that are alike for all rows stay. */
export function repeatInjection(injection: Injection, rows: number, indices: readonly number[]): Injection {
  if (injection.layerPrompts === undefined) return injection;
  const layerPrompts = injection.layerPrompts.map((prompt) =>
    prompt.prompts.shape[0] === rows && rows > 1
      ? { ...prompt, prompts: tf.gather(prompt.prompts, tf.tensor1d([...indices], 'int32')) } // [N, K, D]
      : prompt,
  );
  return { ...injection, layerPrompts };
}
