import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../plan/segment-schema.js';
import type { RowShard } from '../sharing/row-shard.js';
import { skipAugmentation } from './augmentation/augment-bytes.js';
import { choosePictures } from './batch-pictures.js';
import { type BuiltBatch, buildBatch } from './build-batch.js';
import { gatherPixels } from './gather-pixels.js';
import { drawPatches, type PatchViews } from './patch-views.js';
import { RowOrder, type RowOrderState } from './row-order.js';
import type { SplitData } from './split-data.js';
import { targetCapacity } from './text-lengths.js';
import { lengthFor } from './tokenised-rows.js';

/** Where the data of a split stand. Batches are numbered on through all segments of a run. */
export interface DataState {
  readonly order: RowOrderState;
  readonly batches: number;
}

export interface TrainingBatchesOptions {
  /** Distinct rows a step. */
  readonly batchSize: number;
  /** Answers of each row a step. */
  readonly captionsPerPicture: number;
  readonly augment: readonly Augmentation[];
  /** Absent: pictures are shown whole. */
  readonly patchViews?: PatchViews | undefined;
  /** Which of the distinct rows this process computes. Absent: all. */
  readonly shard?: RowShard | undefined;
  /** One stream a split; every draw comes from a fork of it, so its own state never moves. */
  readonly random: RandomStream;
  readonly state: DataState | undefined;
}

/** Endless batches of a few shapes: distinct rows, each with some of its answers, drawn by seed. */
export class TrainingBatches {
  readonly #data: SplitData;
  readonly #options: TrainingBatchesOptions;
  readonly #order: RowOrder;
  #batches: number;

  constructor(data: SplitData, options: TrainingBatchesOptions) {
    this.#data = data;
    this.#options = options;
    const { texts, mixture, rows } = data;
    this.#order = new RowOrder({
      random: options.random,
      count: rows.length,
      // A row with answers of several lengths goes with those of its longest.
      kindOf: texts.lengths.length > 1 ? (row) => lengthFor(texts, texts.rows[row]!).length : undefined,
      mixture,
      state: options.state?.order,
    });
    this.#batches = options.state?.batches ?? 0;
  }

  /** After the last batch handed out. */
  get state(): DataState {
    return { order: this.#order.state, batches: this.#batches };
  }

  /** The caller disposes of the batch's tensors. */
  async next(): Promise<BuiltBatch> {
    const { batchSize, captionsPerPicture, augment, patchViews, shard, random } = this.#options;
    const { texts, images, padId, pictures, textStates } = this.#data;
    const draws = random.fork(`batch.${this.#batches}`);
    const chosen = this.#order.take(batchSize);
    this.#batches += 1;
    const all = chosen.flatMap((index) => {
      const available = texts.rows[index]!;
      const drawn = drawAnswers(available.length, captionsPerPicture, draws);
      return drawn.map((answer) => ({ tokens: available[answer]!, index }));
    });
    const length = lengthFor(
      texts,
      all.map(({ tokens }) => tokens),
    );
    const rows = shard ? all.slice(shard.from * captionsPerPicture, shard.to * captionsPerPicture) : all;
    const whole = choosePictures(pictures, chosen, captionsPerPicture);
    const shown = shard
      ? choosePictures(pictures, chosen.slice(shard.from, shard.to), captionsPerPicture)
      : whole;
    const contents = {
      rows,
      padId,
      pictures: images ? shown : { ...shown, slots: 0, someTextAlone: false, mayHaveFilling: false },
      texts,
      textLength: length.length,
      targetCapacity: targetCapacity(length, rows.length),
    };
    const statesOf = (views?: readonly number[]) =>
      textStates?.gather(
        rows.map(({ tokens }, row) => ({ tokens, view: views?.[shown.slotOfRow[row]!] ?? 0 })),
        length.length,
      );
    if (!images || shown.slots === 0) return buildBatch({ ...contents, textStates: await statesOf() });
    if ('features' in images) {
      const { features } = images;
      const drawn = drawViews(whole.chosen.length, features.viewCount, draws.fork('views'));
      const views = shard ? ofShard(drawn, pictures.oneEach, shard, whole.chosen, shown.chosen) : drawn;
      return buildBatch({
        ...contents,
        features: await features.gather(shown.chosen, shown.slots, views),
        textStates: await statesOf(views),
      });
    }
    const files = shown.chosen.map((index) => pictures.pictures[index]!);
    const drawn = augment.length > 0 ? { augment, random: draws.fork('augment') } : undefined;
    // Draws of the rows before are made by other processes, too.
    for (let row = 0; drawn && row < (shard?.from ?? 0); row += 1)
      skipAugmentation(drawn.augment, drawn.random);
    const augmentation = () => drawn;
    return buildBatch({
      ...contents,
      pixels: await gatherPixels(images.pixels, files, { slots: shown.slots, augmentation }),
      keptPatches: patchViews && drawPatches(patchViews, shown.slots, draws.fork('patches')),
    });
  }
}

/** What was drawn for a whole batch's pictures, for those of one process. */
const ofShard = (
  drawn: readonly number[],
  oneEach: boolean,
  { from, to }: RowShard,
  whole: readonly number[],
  own: readonly number[],
): number[] =>
  // A picture of its own for each row, which may be there twice where a batch is filled up.
  oneEach ? drawn.slice(from, to) : own.map((picture) => drawn[whole.indexOf(picture)]!);

/** For each of a batch's pictures one of its views. */
const drawViews = (pictures: number, viewCount: number, random: RandomStream): number[] =>
  Array.from({ length: pictures }, () => random.integer(viewCount));

/**
 * Chooses `count` of a row's answers: each once before any twice.
 * @returns indices into the row's answers
 */
export function drawAnswers(available: number, count: number, random: RandomStream): number[] {
  const indices = Array.from({ length: available }, (_, index) => index);
  const drawn: number[] = [];
  while (drawn.length < count) drawn.push(...random.shuffle(indices).slice(0, count - drawn.length));
  return drawn;
}
