import type { Dataset } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import type { Segment } from '../../plan/segment-schema.js';
import { RowOrder } from '../data/row-order.js';
import { lengthFor, type TokenisedRows } from '../data/tokenised-rows.js';
import { drawAnswers } from '../data/training-batches.js';

export interface BatchLengthsOptions {
  readonly texts: TokenisedRows;
  readonly mixture: ReturnType<NonNullable<Dataset['mixture']>>;
  readonly split: string;
  /** The seed of the run. */
  readonly seed: number | string;
}

/** Which lengths the batches of a split will have: the order of a run's rows, followed without making its batches. */
export class BatchLengths {
  readonly #options: BatchLengthsOptions;
  readonly #order: RowOrder;
  #batches = 0;

  constructor(options: BatchLengthsOptions) {
    this.#options = options;
    const { texts, mixture, split, seed } = options;
    this.#order = new RowOrder({
      random: createRandomStream(seed).fork(`data.${split}`),
      count: texts.rows.length,
      kindOf: (row) => lengthFor(texts, texts.rows[row]!).length,
      mixture,
    });
  }

  /** How many of a segment's batches have each length; the next segment goes on where this one ends. */
  take({ batchSize, captionsPerPicture }: Segment, batches: number): number[] {
    const { texts, split, seed } = this.#options;
    // All rows are of the one length, so their order does not matter.
    if (texts.lengths.length === 1) return [batches];
    const random = createRandomStream(seed).fork(`data.${split}`);
    const counts = texts.lengths.map(() => 0);
    for (let batch = 0; batch < batches; batch += 1) {
      const draws = random.fork(`batch.${this.#batches}`);
      this.#batches += 1;
      const rows = this.#order.take(batchSize).flatMap((row) => {
        const answers = texts.rows[row]!;
        return drawAnswers(answers.length, captionsPerPicture, draws).map((answer) => answers[answer]!);
      });
      counts[texts.lengths.indexOf(lengthFor(texts, rows))]! += 1;
    }
    return counts;
  }
}
