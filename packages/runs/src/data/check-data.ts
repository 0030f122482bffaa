import { join } from 'node:path';
import { checkDataset, type DatasetReport } from '@eim/datasets';
import { completeContext, type RunsContext } from '../context.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { openDataset } from './open-dataset.js';

export interface CheckDataOptions extends RunsContext {
  /** Folder that the picture names start from. */
  readonly images?: string | undefined;
  /** Which data set reads the path: a short name or a package with an entry. @default 'captions' */
  readonly use?: string | undefined;
}

/**
 * Reads a data set and decodes all of its pictures.
 * @example
 * const { problems } = await checkData('my-pictures', { packages });
 */
export async function checkData(path: string, options: CheckDataOptions): Promise<DatasetReport> {
  const context = completeContext(options);
  const { images, use = 'captions' } = options;
  const dataset = await openDataset(
    { use, path, ...(images !== undefined && { images }) },
    {
      loadPlugin: pluginLoader(join(context.workingFolder, 'data'), context),
      packages: context.packages,
      signal: context.signal,
    },
  );
  return await checkDataset(dataset, {
    signal: context.signal,
    onProgress: (done, total) =>
      context.onProgress({ label: 'decoding', done, total, detail: `picture ${done}/${total}` }),
  });
}
