import type { Batch } from '@eim/contracts/model';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { choosePictures } from './batch-pictures.js';
import { disposeBatch } from './batch-tensors.js';
import { type BatchRow, buildBatch } from './build-batch.js';
import { gatherPixels } from './gather-pixels.js';
import type { SplitData } from './split-data.js';
import { targetCount } from './text-lengths.js';
import { lengthFor, type TokenisedRows } from './tokenised-rows.js';

/** Rows in a batch of a held-out evaluation. */
export const EVALUATION_BATCH = 32;

/** Answers of a row that held-out metrics look at; the captioned data sets in use have 5. */
export const MOST_ANSWERS_EVALUATED = 5;
/** Texts in a batch: logits of more, over a large vocabulary, would take more memory than a training step. */
const MOST_TEXTS_EVALUATED = 64;

/** How a split is cut into batches that go through it once. */
export interface EvaluationGroups {
  /** Rows of the split by their indices, and the texts of each batch. */
  readonly groups: readonly { readonly chosen: readonly number[]; readonly rows: readonly BatchRow[] }[];
  /** Distinct rows in every batch. */
  readonly size: number;
  /** Places for answers of each row. */
  readonly answersEach: number;
  /** Targets that every batch has room for: as many as the fullest has. */
  readonly targetCapacity: number;
}

/** @param batchSize rows of the split in a batch, at most */
export function evaluationGroups({ rows: all }: TokenisedRows, batchSize: number): EvaluationGroups {
  const answersEach = all.reduce(
    (most, { length }) => Math.min(MOST_ANSWERS_EVALUATED, Math.max(most, length)),
    1,
  );
  const size = evaluationSize(all.length, answersEach, batchSize);
  const groups: { chosen: number[]; rows: BatchRow[] }[] = [];
  for (let start = 0; start < all.length; start += size) {
    const chosen = Array.from({ length: size }, (_, offset) => (start + offset) % all.length);
    const rows = chosen.flatMap((index, offset) =>
      Array.from({ length: answersEach }, (_, answer) => ({
        index,
        tokens: start + offset < all.length ? all[index]![answer] : undefined,
      })),
    );
    groups.push({ chosen, rows });
  }
  const targetsOf = (rows: readonly BatchRow[]) =>
    rows.reduce((sum, { tokens }) => sum + (tokens ? targetCount(tokens) : 0), 0);
  const targetCapacity = groups.reduce((most, { rows }) => Math.max(most, targetsOf(rows)), 1);
  return { groups, size, answersEach, targetCapacity };
}

/** Distinct rows of a batch, where there are so many rows with so many answers each. */
export const evaluationSize = (rowCount: number, answersEach: number, batchSize: number): number =>
  Math.min(batchSize, rowCount, Math.max(1, Math.floor(MOST_TEXTS_EVALUATED / answersEach)));

/**
 * A split once through, in its own order and unaugmented, in batches of as few shapes as training has. The last one is filled
 * up with repeated rows without text (mask and target weights 0), as are the places of rows
 * that have fewer answers than others. Each batch is disposed of when the next is asked for.
 * @param batchSize rows of the split in a batch, at most
 */
export async function* evaluationBatches(data: SplitData, batchSize: number): AsyncGenerator<Batch> {
  const { texts, images, padId, pictures, textStates } = data;
  const { groups, answersEach, targetCapacity } = evaluationGroups(texts, batchSize);
  for (const { chosen, rows } of groups) {
    const shown = choosePictures(pictures, chosen, answersEach);
    const hasPictures = images !== undefined && shown.slots > 0;
    const { length: textLength } = lengthFor(
      texts,
      rows.flatMap(({ tokens }) => tokens ?? []),
    );
    const states = await textStates?.gather(
      rows.map(({ tokens }) => ({ tokens, view: 0 })),
      textLength,
    );
    const { batch } = buildBatch({
      rows,
      padId,
      textStates: states,
      targetCapacity,
      pictures: hasPictures ? shown : { ...shown, slots: 0, someTextAlone: false, mayHaveFilling: false },
      texts,
      textLength,
      ...(hasPictures &&
        'features' in images && { features: await images.features.gather(shown.chosen, shown.slots) }),
      ...(hasPictures &&
        'pixels' in images && {
          pixels: await gatherPixels(
            images.pixels,
            shown.chosen.map((index) => pictures.pictures[index]!),
            { slots: shown.slots },
          ),
        }),
    });
    try {
      await yieldToEventLoop();
      yield batch;
    } finally {
      disposeBatch(batch);
    }
  }
}
