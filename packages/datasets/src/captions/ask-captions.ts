import type { Dataset } from '@eim/contracts';
import { createDataset } from '../create-dataset.js';
import { seededDraws } from '../seeded-draws.js';

/**
 * Captions as answers: every row asks one of the prompts, drawn by seed and the row's id, so that it does not depend on other rows.
 * @example
 * askCaptions(captions, ['Describe the picture.', 'What is in this picture?'], 1);
 */
export function askCaptions(dataset: Dataset, prompts: readonly string[], seed: number): Dataset {
  const asked = dataset.splits.map((split) => {
    const rows = dataset.split(split).map((row) => ({
      ...row,
      prompt: seededDraws(`prompt ${seed} ${row.id}`).pick(prompts),
    }));
    return [split, rows] as const;
  });
  return createDataset(dataset.name, new Map(asked), dataset.notes);
}
