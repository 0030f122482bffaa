import type { Batch, RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../plan/segment-schema.js';
import type { RowShard } from '../sharing/row-shard.js';
import { drawnAugmentations } from './augmentation/drawn-augmentations.js';
import { type BatchPictures, choosePictures } from './batch-pictures.js';
import { type BatchContents, type BuiltBatch, buildBatch } from './build-batch.js';
import { gatherPixels } from './gather-pixels.js';
import { drawPatches, type PatchViews, patchesOf } from './patch-views.js';
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
  /** Those of all processes, where their batches are to be described to each of them. */
  readonly shards?: readonly RowShard[] | undefined;
  /** One stream a split; every draw comes from a fork of it, so its own state never moves. */
  readonly random: RandomStream;
  readonly state: DataState | undefined;
}

/** The next of some batches. */
export interface NextBatch extends BuiltBatch {
  /**
   * What every process computes of it, this one's batch among them; the others' are without contents of pictures. Absent: nobody asked.
   * The caller disposes of their tensors.
   */
  readonly shards?: readonly Batch[] | undefined;
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
  async next(): Promise<NextBatch> {
    const { batchSize, shard, shards, random } = this.#options;
    const draws = random.fork(`batch.${this.#batches}`);
    const chosen = this.#order.take(batchSize);
    this.#batches += 1;
    const laid = this.#layOut(chosen, draws);
    const built = await this.#build(laid, laid.of(shard ?? wholeOf(chosen)), draws);
    if (!shards) return built;
    const isOwn = ({ from }: RowShard) => from === shard?.from;
    return {
      ...built,
      shards: shards.map((one) => (isOwn(one) ? built.batch : buildBatch(laid.of(one)).batch)),
    };
  }

  /** A batch's rows, each with its answers, and what any process would compute of them, without contents of pictures. */
  #layOut(chosen: readonly number[], draws: RandomStream) {
    const { captionsPerPicture: each } = this.#options;
    const { texts, images, padId, pictures } = this.#data;
    const rows = chosen.flatMap((index) => {
      const available = texts.rows[index]!;
      const drawn = drawAnswers(available.length, each, draws);
      return drawn.map((answer) => ({ tokens: available[answer]!, index }));
    });
    const length = lengthFor(
      texts,
      rows.map(({ tokens }) => tokens),
    );
    const whole = choosePictures(pictures, chosen, each);
    const of = ({ from, to }: RowShard) => {
      const own = rows.slice(from * each, to * each);
      const shown = choosePictures(pictures, chosen.slice(from, to), each);
      return {
        rows: own,
        padId,
        pictures: images ? shown : { ...shown, slots: 0, someTextAlone: false, mayHaveFilling: false },
        texts,
        textLength: length.length,
        targetCapacity: targetCapacity(length, own.length),
        /** For each of its pictures the place among those of the whole batch. */
        places: pictures.oneEach
          ? shown.chosen.map((_, place) => from + place)
          : shown.chosen.map((picture) => whole.chosen.indexOf(picture)),
      };
    };
    return { whole, of };
  }

  /** What is drawn for a picture hangs on its place in the whole batch. */
  async #build(
    { whole }: { readonly whole: BatchPictures },
    { places, ...contents }: BatchContents & { readonly places: readonly number[] },
    draws: RandomStream,
  ): Promise<BuiltBatch> {
    const { augment, patchViews } = this.#options;
    const { images, pictures, textStates } = this.#data;
    const { rows, textLength, pictures: shown } = contents;
    const statesOf = (views?: readonly number[]) =>
      textStates?.gather(
        rows.map(({ tokens }, row) => ({ tokens: tokens!, view: views?.[shown.slotOfRow[row]!] ?? 0 })),
        textLength,
      );
    if (!images || shown.slots === 0) return buildBatch({ ...contents, textStates: await statesOf() });
    if ('features' in images) {
      const { features } = images;
      const drawn = drawViews(whole.chosen.length, features.viewCount, draws.fork('views'));
      const views = places.map((place) => drawn[place]!);
      return buildBatch({
        ...contents,
        features: await features.gather(shown.chosen, shown.slots, views),
        textStates: await statesOf(views),
      });
    }
    const files = shown.chosen.map((index) => pictures.pictures[index]!);
    const augmentation =
      augment.length > 0 ? drawnAugmentations(augment, draws.fork('augment'), places) : undefined;
    const patches = patchViews && drawPatches(patchViews, whole.slots, draws.fork('patches'));
    return buildBatch({
      ...contents,
      pixels: await gatherPixels(images.pixels, files, { slots: shown.slots, augmentation }),
      keptPatches:
        patches && patchesOf(patches, patchViews!, { places, slots: shown.slots, of: whole.slots }),
    });
  }
}

/** All of a batch. */
const wholeOf = ({ length }: readonly number[]): RowShard => ({ from: 0, to: length, of: length });

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
