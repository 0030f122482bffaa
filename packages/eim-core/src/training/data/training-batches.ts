import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../plan/segment-schema.js';
import { type BuiltBatch, buildBatch } from './build-batch.js';
import { drawCaptions } from './draw-captions.js';
import { gatherPixels } from './gather-pixels.js';
import { PictureOrder, type PictureOrderState } from './picture-order.js';
import type { SplitData } from './split-data.js';
import { targetCapacity } from './target-capacity.js';

/** Where the data of a split stands. Numbers its batches through all segments of a run. */
export interface DataState {
  readonly order: PictureOrderState;
  readonly batches: number;
}

export interface TrainingBatchesOptions {
  readonly batchSize: number;
  readonly captionsPerPicture: number;
  readonly augment: readonly Augmentation[];
  /** One stream a split; every draw comes from a fork of it, so its own state never moves. */
  readonly random: RandomStream;
  readonly state: DataState | undefined;
}

/** Endless batches of one shape: distinct pictures, each with some of its captions, drawn by seed. */
export class TrainingBatches {
  readonly #data: SplitData;
  readonly #options: TrainingBatchesOptions;
  readonly #order: PictureOrder;
  readonly #targetCapacity: number;
  #batches: number;

  constructor(data: SplitData, options: TrainingBatchesOptions) {
    this.#data = data;
    this.#options = options;
    this.#order = new PictureOrder(options.random, data.pictures.length, options.state?.order);
    this.#batches = options.state?.batches ?? 0;
    this.#targetCapacity = targetCapacity(data.captions, options.batchSize * options.captionsPerPicture);
  }

  /** After the last batch handed out. */
  get state(): DataState {
    return { order: this.#order.state, batches: this.#batches };
  }

  /** The caller disposes of the batch's tensors. */
  async next(): Promise<BuiltBatch> {
    const { batchSize, captionsPerPicture, augment, random } = this.#options;
    const { pictures, captions, images, padId } = this.#data;
    const draws = random.fork(`batch.${this.#batches}`);
    const chosen = this.#order.take(batchSize);
    this.#batches += 1;
    const rows = chosen.flatMap((picture) => {
      const available = captions.rows[picture]!;
      return drawCaptions(available.length, captionsPerPicture, draws).map((index) => available[index]!);
    });
    const contents = {
      rows,
      captionsPerPicture,
      padId,
      textLength: captions.textLength,
      firstTarget: captions.firstTarget,
      targetCapacity: this.#targetCapacity,
    };
    if (!images) return buildBatch(contents);
    if ('features' in images) return buildBatch({ ...contents, features: images.features.gather(chosen) });
    const shown = chosen.map((index) => pictures[index]!);
    const augmentation = augment.length > 0 ? { augment, random: draws.fork('augment') } : undefined;
    return buildBatch({ ...contents, pixels: await gatherPixels(images.pixels, shown, augmentation) });
  }
}
