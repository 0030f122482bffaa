import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { KeptWeights } from '../../saved-model/model-description.js';
import { hashFile } from '../checkpoints/hash-file.js';

/** Where the published weights lie that a part of a saved model was saved with. */
export const keptWeightsPath = (folder: string, { kept, path }: KeptWeights): string =>
  kept === 'copy' ? join(folder, path) : path;

/**
 * Checks the published weights of a part of a saved model against the hashes that it was saved with.
 * @param path as {@link keptWeightsPath} gives it
 * @throws EimError `missing-file`; `invalid-file` where they have changed since
 */
export async function refuseChangedWeights(path: string, { files }: KeptWeights): Promise<void> {
  for (const [name, hash] of Object.entries(files)) {
    const file = name === '' ? path : join(path, name);
    const exists = await stat(file).catch(() => undefined);
    if (!exists) {
      throw new EimError({
        code: 'missing-file',
        message: `The model was saved with the weights ${file}, which are not there.`,
        advice: 'Put them back, or save models with copies of their weights.',
        data: { file },
      });
    }
    if ((await hashFile(file)) === hash) continue;
    throw new EimError({
      code: 'invalid-file',
      message: `${file} is not the file that the model was saved with: its hash differs.`,
      advice: 'Put the original file back.',
      data: { file, expected: hash },
    });
  }
}
