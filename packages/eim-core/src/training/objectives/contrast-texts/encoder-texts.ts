import type { Row, Tokenizer } from '@eim/contracts';
import type {
  Batch,
  ObjectiveContext,
  Parameter,
  Preparation,
  Tensor2D,
  TextSide,
} from '@eim/contracts/model';
import { cast, equal, maximum, range, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { contentMask } from '../masked-means.js';
import { stopGradient } from '../stop-gradient.js';
import type { ContrastTexts } from './contrast-texts.js';

export interface EncoderTextsOptions {
  readonly side: TextSide;
  /** The LLM's, in whose ids a batch holds its texts. Absent: nothing is prepared, only counted. */
  readonly tokenizer?: Tokenizer | undefined;
  readonly specialTokens: Tokenizer['specialTokens'];
  /** Rows that the segment trains on. Absent: texts count with the encoder's whole context. */
  readonly rows?: readonly Row[] | undefined;
  /** Whether the encoder learns. */
  readonly learns: boolean;
}

/** Texts of a batch by the tokens of the text encoder. */
interface PreparedTexts {
  /** `[R, L]` int32 */
  readonly textIds: Tensor2D;
  /** `[R, L]`, 1 where an id is real */
  readonly textMask: Tensor2D;
}

/** What every parameter's name begins with. */
export const ENCODER_TEXTS = 'text.';

/**
 * A published text encoder as the text half, such as CLIP's own beside its image tower. It reads texts in its own tokens, so
 * captions are read back from the batch's ids before every step.
 */
export class EncoderTexts implements ContrastTexts {
  readonly size: number;
  readonly sharesSpace = true;
  readonly #options: EncoderTextsOptions;
  readonly #length: number;

  constructor(options: EncoderTextsOptions) {
    this.#options = options;
    this.size = options.side.encoder.pooledSize;
    this.#length = this.#lengthOf(options.rows);
  }

  get preparation(): Preparation {
    return this.#preparation(this.#length);
  }

  preparationFor(rows: readonly Row[]): Preparation {
    return this.#preparation(this.#lengthOf(rows));
  }

  encode(batch: Batch, { training, random }: ObjectiveContext) {
    const { side, specialTokens, learns } = this.#options;
    const { textIds, textMask } = batch.prepared as unknown as PreparedTexts;
    // An encoder reads each row at its last real token, so that trials with zeros have one, too.
    const first = cast(equal(range(0, textMask.shape[1]), 0), 'float32'); // [L]
    const mask = maximum(textMask, first) as Tensor2D; // [R, L]
    const encoded = (isTraining: boolean) =>
      side.encoder.encodeText(textIds, mask, { training: isTraining, random }); // [R, D]
    const vectors = learns ? encoded(training) : stopGradient(tidy(() => encoded(false)));
    return { vectors, mask: contentMask(batch, specialTokens) };
  }

  parameters(): readonly Parameter[] {
    const { side, learns } = this.#options;
    if (!learns) return [];
    return side.encoder
      .parameters()
      .map((parameter) => ({ ...parameter, name: `${ENCODER_TEXTS}${parameter.name}` }));
  }

  dispose(): void {
    this.#options.side.encoder.dispose();
  }

  /** Tokens of the longest text. */
  #lengthOf(rows: readonly Row[] | undefined): number {
    const { side } = this.#options;
    if (!rows) return side.encoder.contextLength;
    const lengths = rows.flatMap(({ answers }) => answers.map((answer) => side.encode(answer).length));
    return lengths.reduce((most, length) => Math.max(most, length), side.encode('').length);
  }

  #preparation(length: number): Preparation {
    return {
      byRow: true,
      shapes: (_, { rowCount }) => ({
        textIds: { shape: [rowCount, length], dtype: 'int32' },
        textMask: { shape: [rowCount, length] },
      }),
      prepare: async (_, batch) => ({ ...this.#laidOut(await this.#captionsOf(batch), length) }),
    };
  }

  /** The captions of a batch's rows; empty for filling. */
  async #captionsOf(batch: Batch): Promise<string[]> {
    const { tokenizer, specialTokens } = this.#options;
    const content = tidy(() => contentMask(batch, specialTokens).clone()); // [R, T]
    const [ids, mask] = await Promise.all([batch.ids.data(), content.data()]);
    content.dispose();
    const length = batch.ids.shape[1];
    return Array.from({ length: batch.rowCount }, (_, row) => {
      const places = Array.from({ length }, (_, at) => row * length + at);
      const said = places.filter((place) => mask[place] === 1).map((place) => ids[place]!);
      return tokenizer!.decode(said).trim();
    });
  }

  #laidOut(captions: readonly string[], length: number): PreparedTexts {
    const { side } = this.#options;
    const shape: [number, number] = [captions.length, length];
    const ids = new Int32Array(captions.length * length).fill(side.padId);
    const mask = new Float32Array(ids.length);
    for (const [row, caption] of captions.entries()) {
      const own = side.encode(caption);
      // A caption that was cut may take more tokens than any that is whole; its end is kept.
      const kept = own.length > length ? [...own.slice(0, length - 1), own.at(-1)!] : own;
      ids.set(kept, row * length);
      mask.fill(1, row * length, row * length + kept.length);
    }
    return {
      textIds: tensor2d(ids, shape, 'int32') as Tensor2D,
      textMask: tensor2d(mask, shape) as Tensor2D,
    };
  }
}
