import type { Batch } from '@eim/contracts/model';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { buildBatch } from './build-batch.js';
import { disposeBatch } from './dispose-batch.js';
import { gatherPixels } from './gather-pixels.js';
import type { SplitData } from './split-data.js';

/** Captions of a picture that held-out metrics look at; the data sets in use have 5. */
const MOST_CAPTIONS = 5;

/**
 * A split once through, in its own order and unaugmented, in batches of one shape. The last one is filled
 * up with repeated pictures whose rows are empty (mask and target weights 0), as are the rows of pictures
 * that have fewer captions than others. Each batch is disposed of when the next is asked for.
 */
export async function* evaluationBatches(data: SplitData, batchSize: number): AsyncGenerator<Batch> {
  const { pictures, captions, images, padId } = data;
  const size = Math.min(batchSize, pictures.length);
  const captionsPerPicture = captions.rows.reduce(
    (most, { length }) => Math.min(MOST_CAPTIONS, Math.max(most, length)),
    1,
  );
  const groups: { chosen: number[]; rows: Int32Array[] }[] = [];
  for (let start = 0; start < pictures.length; start += size) {
    const chosen = Array.from({ length: size }, (_, offset) => (start + offset) % pictures.length);
    const rows = chosen.flatMap((picture, offset) =>
      Array.from({ length: captionsPerPicture }, (_, index) => {
        const row = start + offset < pictures.length ? captions.rows[picture]![index] : undefined;
        return row ?? new Int32Array(0);
      }),
    );
    groups.push({ chosen, rows });
  }
  const targetsOf = (rows: readonly Int32Array[]) =>
    rows.reduce((sum, { length }) => sum + Math.max(0, length - captions.firstTarget), 0);
  const targetCapacity = groups.reduce((most, { rows }) => Math.max(most, targetsOf(rows)), 1);
  for (const { chosen, rows } of groups) {
    const contents = {
      rows,
      captionsPerPicture,
      padId,
      targetCapacity,
      textLength: captions.textLength,
      firstTarget: captions.firstTarget,
    };
    const { batch } = buildBatch({
      ...contents,
      ...(images && 'features' in images && { features: images.features.gather(chosen) }),
      ...(images &&
        'pixels' in images && {
          pixels: await gatherPixels(
            images.pixels,
            chosen.map((index) => pictures[index]!),
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
