import { checkCaptionDataset, type DatasetReport } from '@eim/datasets';
import { readCaptionDataset } from '@eim/datasets/node';
import type { Terminal } from '../command/terminal.js';
import { Progress } from '../progress/progress.js';

/** Reads a data set and decodes all of its pictures. */
export async function checkData(
  path: string,
  images: string | undefined,
  terminal: Terminal,
): Promise<DatasetReport> {
  const dataset = await readCaptionDataset(path, images === undefined ? {} : { imageFolder: images });
  const progress = new Progress(terminal);
  try {
    return await checkCaptionDataset(dataset, {
      onProgress: (done, total) =>
        progress.update({ label: 'decoding', done, total, detail: `picture ${done}/${total}` }),
    });
  } finally {
    progress.finish();
  }
}
