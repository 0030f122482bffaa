import { createRandomStream } from '@eim/engine';
import { MemoryBudget } from '../data/memory-budget.js';
import { PixelStore } from '../data/pixel-store.js';
import { findRowPictures } from '../data/row-pictures.js';
import { tokeniseRows } from '../data/tokenised-rows.js';
import { TrainingBatches } from '../data/training-batches.js';
import type { TinyRun } from './tiny-run.js';

/** One batch of a run's training rows, two answers for each picture. */
export async function firstBatch({ model, options }: TinyRun) {
  const { dataset, tokenizer, preprocess, textLengths } = options;
  const rows = dataset.split('train');
  const texts = tokeniseRows(rows, tokenizer, {
    maxTokens: undefined,
    lengths: textLengths,
    greatestLength: 16,
  });
  const pixels = new PixelStore(preprocess!, model.encoder.preprocessing, new MemoryBudget(2 ** 20));
  const data = {
    rows,
    texts,
    pictures: findRowPictures(rows),
    padId: tokenizer.specialTokens.pad,
    images: { pixels },
  };
  const batches = new TrainingBatches(
    { ...data, mixture: undefined },
    {
      batchSize: 5,
      captionsPerPicture: 2,
      augment: [],
      random: createRandomStream('rows'),
      state: undefined,
    },
  );
  return { rows, pixels, batch: (await batches.next()).batch };
}
