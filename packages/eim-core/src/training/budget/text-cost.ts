import type { EncodedImages, ModelParts, Objective } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import type { Segment } from '../../plan/segment-schema.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import { namedFeatures } from '../feature-cache/feature-layout.js';
import { type PicturePrefix, picturePrefix } from '../feature-cache/picture-prefix.js';
import { runPrefix } from '../feature-cache/run-prefix.js';
import { llmInput, runTextPrefix, TARGETS } from '../text-states/run-text-prefix.js';
import { type TextPrefix, textPrefix } from '../text-states/text-prefix.js';
import { shapeBatch, shapePixels } from './shape-batch.js';
import type { SplitShape } from './split-shape.js';

export interface TextCostOptions {
  readonly model: ModelParts;
  readonly segment: Segment;
  readonly objective: Objective;
  /** What the segment trains on. */
  readonly split: SplitShape;
}

/** What frozen lower blocks of the LLM give for texts of one length. */
export interface TextChunk {
  /** Of one text: `[S, hiddenSize]`. */
  readonly shape: readonly [positions: number, hiddenSize: number];
  /** What a chunk of texts costs, its pictures apart. */
  readonly multiplyAdds: number;
}

/** Foretells what is computed outside of a segment's steps for texts, where lower blocks of its LLM are frozen. */
export class TextCost {
  readonly #pass: ShapesPass;
  readonly #options: TextCostOptions;
  readonly #pictures: PicturePrefix | undefined;
  readonly #prefix: TextPrefix;

  private constructor(
    pass: ShapesPass,
    options: TextCostOptions,
    pictures: PicturePrefix | undefined,
    prefix: TextPrefix,
  ) {
    this.#pass = pass;
    this.#options = options;
    this.#pictures = pictures;
    this.#prefix = prefix;
  }

  /** @returns undefined where the LLM runs whole at every step */
  static of(pass: ShapesPass, options: TextCostOptions): TextCost | undefined {
    const { model, segment, objective, split } = options;
    const pictures = picturePrefix(model, objective, segment, pass);
    const { answerCount } = split;
    const prefix = textPrefix({ model, objective, segment, pictures, answerCount, pass });
    return prefix && new TextCost(pass, options, pictures, prefix);
  }

  /** A chunk of texts of some split. */
  chunk(split: SplitShape, textLength: number): TextChunk {
    const { model, objective } = this.#options;
    const images = this.#features(split);
    let shape: [number, number] = [0, 0];
    const { multiplyAdds } = this.#pass.measure(() => {
      const batch = shapeBatch(model, {
        // Every text has a place for a picture of its own.
        split: { ...split, pictureCount: CHUNK_SIZE, oneEach: !split.someTextAlone },
        length: { textLength, targetCount: () => TARGETS },
        batchSize: CHUNK_SIZE,
        captionsPerPicture: 1,
        images,
      });
      const states = runTextPrefix(model, llmInput(model, objective, batch), this.#prefix); // [C, S, H]
      shape = [states.shape[1], states.shape[2]];
      return states;
    });
    return { shape, multiplyAdds };
  }

  /** Multiply-adds of all texts of a split, in some views. @param rounded whether what fills chunks up counts */
  ofSplit(split: SplitShape, { views = 1, rounded = false } = {}): number {
    return split.lengths.reduce((sum, { textLength }, index) => {
      const chunks = (split.answersByLength[index]! * views) / CHUNK_SIZE;
      return sum + (rounded ? Math.ceil(chunks) : chunks) * this.chunk(split, textLength).multiplyAdds;
    }, 0);
  }

  /** Chunks of one batch, at most: exact where the split has one length. Otherwise some of a batch's texts may be shorter than it. */
  chunksOfBatch(split: SplitShape, textLength: number, textCount: number): number {
    const shorter = split.lengths.filter((length) => length.textLength < textLength).length;
    return Math.ceil(textCount / CHUNK_SIZE) + shorter;
  }

  #features(split: SplitShape): EncodedImages | undefined {
    const { model } = this.#options;
    const prefix = this.#pictures;
    if (!prefix || split.pictureCount === 0) return undefined;
    return this.#pass.run(() =>
      namedFeatures(prefix.names, runPrefix(model, shapePixels(model.encoder, CHUNK_SIZE), prefix)),
    );
  }
}
