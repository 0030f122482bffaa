import { readPicture } from '@eim/images/node';
import { readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { answerDatasetRows } from './answer-dataset-rows.js';
import { completeDecoding, type DecodingChoice } from './decoding.js';

export interface CaptionFilesOptions extends RunsContext, DecodingChoice {
  /** Longest caption in tokens. Absent: the config's. */
  readonly maxNewTokens?: number | undefined;
  /** Whether to ignore EXIF orientation. @default false */
  readonly asStored?: boolean | undefined;
}

/**
 * Captions picture files with the model of a run. If a file is not a picture, it is refused before the model is loaded.
 *
 * @example
 * const [{ caption }] = await captionFiles('runs/my-20250101-120000', ['holiday.jpg'], { packages });
 */
export async function captionFiles(
  run: string,
  files: readonly string[],
  options: CaptionFilesOptions,
): Promise<{ readonly picture: string; readonly caption: string }[]> {
  const context = completeContext(options);
  const { maxNewTokens, asStored = false } = options;
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, context);
  const pictures = await Promise.all(files.map((file) => readPicture(file, { applyOrientation: !asStored })));
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  try {
    const captions = await answerDatasetRows(
      model,
      tokenizer,
      files.map((file, index) => ({
        picture: { fingerprint: file, source: file, load: async () => pictures[index]! },
        prompt: '',
      })),
      {
        batchSize: config.evaluation.batchSize,
        decoding: completeDecoding(options, config.evaluation.beams),
        maxNewTokens: maxNewTokens ?? config.evaluation.maxNewTokens,
        signal: context.signal,
      },
    );
    return files.map((picture, index) => ({ picture, caption: captions[index]! }));
  } finally {
    model.dispose();
  }
}
