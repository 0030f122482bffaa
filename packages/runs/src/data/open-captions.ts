import type { CaptionDataset } from '@eim/contracts';
import { captionDataset } from '@eim/datasets';
import { readCaptionDataset } from '@eim/datasets/node';
import type { CaptionsConfig } from '../config/data-schema.js';

/** Captioned pictures of the user's own, from a folder or a caption file. */
export async function openCaptions(config: CaptionsConfig): Promise<CaptionDataset> {
  const { path, images, limit, use: _, ...options } = config;
  const dataset = await readCaptionDataset(path, {
    ...options,
    ...(images !== undefined && { imageFolder: images }),
  });
  return limit === undefined ? dataset : firstOfEach(dataset, limit);
}

function firstOfEach(dataset: CaptionDataset, limit: number): CaptionDataset {
  const splits = new Map(dataset.splits.map((name) => [name, dataset.split(name).slice(0, limit)] as const));
  return captionDataset(dataset.name, splits, [
    ...dataset.notes,
    `at most ${limit} pictures of each split are used`,
  ]);
}
