import { readPicture } from '@eim/images/node';
import type { Terminal } from '../command/terminal.js';
import { readConfig } from '../config/read-config.js';
import { loadRunModel } from '../model/load-run-model.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { captionPictures } from './caption-pictures.js';
import { completeDecoding, type DecodingChoice } from './decoding.js';

export interface CaptionFilesOptions extends DecodingChoice {
  readonly engine: string | undefined;
  readonly maxNewTokens: number | undefined;
  /** Whether EXIF orientation is left alone. */
  readonly asStored: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Captions picture files with the model of a run. A file that is no picture is refused before any work. */
export async function captionFiles(
  run: string,
  files: readonly string[],
  { engine, maxNewTokens, asStored, terminal, signal, ...choice }: CaptionFilesOptions,
): Promise<{ readonly picture: string; readonly caption: string }[]> {
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, terminal);
  const pictures = await Promise.all(files.map((file) => readPicture(file, { applyOrientation: !asStored })));
  await startChosenEngine(terminal, engine, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, terminal.workingFolder);
  try {
    const captions = await captionPictures(
      model,
      tokenizer,
      pictures.map((picture) => ({ load: async () => picture })),
      {
        batchSize: config.evaluation.batchSize,
        decoding: completeDecoding(choice, config.evaluation.beams),
        maxNewTokens: maxNewTokens ?? config.evaluation.maxNewTokens,
        signal,
      },
    );
    return files.map((picture, index) => ({ picture, caption: captions[index]! }));
  } finally {
    model.dispose();
  }
}
