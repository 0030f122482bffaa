import { checkCaptionDataset, type DatasetReport } from '@eim/datasets';
import { readCaptionDataset } from '@eim/datasets/node';
import type { RunsContext } from '../context.js';

/** Reads a data set and decodes all of its pictures. */
export async function checkData(
  path: string,
  {
    images,
    onProgress,
  }: Pick<RunsContext, 'onProgress'> & {
    /** Folder that the picture names start from. */
    readonly images?: string | undefined;
  } = {},
): Promise<DatasetReport> {
  const dataset = await readCaptionDataset(path, images === undefined ? {} : { imageFolder: images });
  return await checkCaptionDataset(dataset, {
    onProgress: (done, total) =>
      onProgress?.({ label: 'decoding', done, total, detail: `picture ${done}/${total}` }),
  });
}
