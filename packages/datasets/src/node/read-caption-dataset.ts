import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Dataset, DatasetContext } from '@eim/contracts';
import { askCaptions } from '../captions/ask-captions.js';
import type { CaptionDatasetOptions } from '../captions/caption-dataset-options.js';
import { captionDatasetOptionsSchema } from '../captions/caption-dataset-options.js';
import { parseCaptions } from '../captions/parse-captions.js';
import { checkOptions } from '../check-options.js';
import { takeSplits } from '../records/take-splits.js';
import { buildDataset } from './build-dataset.js';
import { CAPTION_FILES } from './caption-files.js';
import { findDataFile } from './find-data-file.js';
import { readPictureSplits } from './read-picture-splits.js';
import { withUncaptioned } from './with-uncaptioned.js';

/**
 * Reads captioned pictures from a caption file (COCO, Karpathy, CSV or JSON lines), or from a folder that holds
 * one, usually `captions.json` beside `images/`. A picture is a row with an empty prompt, or one of `prompts`; its captions are the
 * answers.
 * @throws EimError `missing-file`, `invalid-argument`, or `invalid-data` listing every mistake by entry and field
 * @example
 * const dataset = await readCaptionDataset({ path: 'my-pictures', missingPictures: 'leave-out' });
 * console.log(dataset.split('train')[0]?.answers);
 */
export async function readCaptionDataset(
  options: CaptionDatasetOptions,
  { signal }: DatasetContext = {},
): Promise<Dataset> {
  const { prompts, restval, splitsFrom, uncaptioned, ...settings } = checkOptions(
    captionDatasetOptionsSchema,
    options,
    'a data set of captions',
  );
  const file = await findDataFile(resolve(settings.path), CAPTION_FILES);
  const own = parseCaptions(await readFile(file), file);
  const table =
    splitsFrom === undefined
      ? own
      : takeSplits(own, await readPictureSplits(splitsFrom), { file, source: splitsFrom });
  const name = basename(file).startsWith('captions.') ? basename(dirname(file)) : basename(file);
  const captioned = await buildDataset(table, { name, file, restval, ...(signal && { signal }) }, settings);
  const dataset = prompts ? askCaptions(captioned, prompts, settings.seed) : captioned;
  return uncaptioned === undefined ? dataset : withUncaptioned(dataset, uncaptioned, settings, signal);
}
