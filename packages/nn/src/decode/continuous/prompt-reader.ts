import { EimError } from '@eim/contracts';
import type { GenerateRequest, KeyValueCache } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { tidied } from '../../tidied.js';
import type { DecodableModel } from '../decode-session.js';
import { slotPositions } from '../prompt-layout.js';
import type { BegunRow } from './begun-row.js';

/** The prompt of one row, as `GenerateRequest` has it; `embeddings` is `[1, S, hiddenSize]`. */
export interface RowPrompt extends Pick<GenerateRequest, 'embeddings' | 'injection'> {
  /** By slot, 1 where it is real. Absent: all are. */
  readonly mask?: readonly number[] | undefined;
}

export interface PromptReaderOptions {
  /** Most slots that one call of `read` reads. Absent: all of them. */
  readonly pieceLength?: number | undefined;
  /** The first slots, which another row has read already. The reader owns it then. */
  readonly shared?: KeyValueCache | undefined;
}

/**
 * Reads the prompt of one row in pieces, so that rows that are being answered go on in between. The prompt's tensors stay
 * the caller's.
 * @throws EimError `invalid-argument` for more than one row, and where no slot is real
 * @example
 * const reader = new PromptReader(llm, { embeddings }, { pieceLength: 64 });
 * let scores: Float32Array | undefined;
 * while (scores === undefined) scores = await reader.read();
 * rows.add(reader.finish());
 */
export class PromptReader {
  readonly #model: DecodableModel;
  readonly #prompt: RowPrompt;
  readonly #pieceLength: number;
  /** Up to the last real one. */
  readonly #slots: number;
  readonly #positions: readonly number[];
  #cache: KeyValueCache | undefined;

  constructor(model: DecodableModel, prompt: RowPrompt, { pieceLength, shared }: PromptReaderOptions = {}) {
    const [rows, slots] = prompt.embeddings.shape;
    const mask = prompt.mask ?? new Array<number>(slots).fill(1);
    this.#slots = mask.lastIndexOf(1) + 1;
    if (rows !== 1 || this.#slots === 0) {
      throw new EimError({
        code: 'invalid-argument',
        message: `A prompt of ${rows} rows and ${this.#slots} slots was to be read.`,
        advice: 'Give one row, with at least one real slot.',
        data: { rows, slots: this.#slots },
      });
    }
    this.#model = model;
    this.#prompt = prompt;
    this.#positions = slotPositions(mask);
    // what an adapter decides by a row's first positions, and the slots that hide from later ones, stand in the prefix
    const prefix = prompt.injection?.prefix?.embeddings.shape[1] ?? 0;
    this.#pieceLength = Math.max(pieceLength ?? this.#slots, prefix + 1);
    this.#cache = shared;
  }

  /** Slots that are still to be read. */
  get left(): number {
    return this.#slots - (this.#cache?.length ?? 0);
  }

  /** Slots that the next call of `read` reads. */
  get next(): number {
    return Math.min(this.#pieceLength, this.left);
  }

  /** Reads the next piece. @returns scores of the first new token, `[vocabularySize]`, once all is read */
  async read(): Promise<Float32Array | undefined> {
    const past = this.#cache;
    const from = past?.length ?? 0;
    const length = this.next;
    const { embeddings, injection, mask } = this.#prompt;
    const { logits, cache } = tidied(() =>
      this.#model.forward(tf.slice(embeddings, [0, from, 0], [1, length, -1]), {
        useCache: true,
        select: tf.tensor1d([length - 1], 'int32'),
        ...(past && { cache: past }),
        ...(injection && { injection }),
        ...(mask && {
          mask: tf.tensor2d([...mask.slice(0, from + length)], [1, from + length]), // [1, S]
          positions: tf.tensor2d([...this.#positions.slice(from, from + length)], [1, length], 'int32'), // [1, T]
        }),
      }),
    );
    this.#cache = cache;
    past?.dispose();
    try {
      return this.left > 0 ? undefined : ((await logits.data()) as Float32Array);
    } finally {
      logits.dispose();
    }
  }

  /** The row, once all is read; its cache is the caller's then. */
  finish(): BegunRow {
    const cache = this.#cache!;
    this.#cache = undefined;
    const { mask, injection = {} } = this.#prompt;
    return { cache, mask: mask?.slice(0, this.#slots), injection };
  }

  /** Frees what has been read, unless `finish` gave it away. */
  dispose(): void {
    this.#cache?.dispose();
    this.#cache = undefined;
  }
}
