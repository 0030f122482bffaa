import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { openPublishedWeights, openSafetensorsFile } from '@eim/weights/node';
import {
  type LoadedModel,
  type LoadModelOptions,
  loadSavedModel,
  type SavedModelSource,
} from '../../saved-model/load-saved-model.js';
import type { KeptWeights } from '../../saved-model/model-description.js';
import { hashFile } from '../checkpoints/hash-file.js';

/**
 * Builds a saved model again from its folder.
 * @throws EimError as `loadSavedModel`
 * @example
 * const { model, tokenizer } = await loadModel('runs/demo/model', { loadPlugin, createTokenizer });
 */
export function loadModel(folder: string, options: LoadModelOptions): Promise<LoadedModel> {
  return loadSavedModel(modelFolder(folder), options);
}

function modelFolder(folder: string): SavedModelSource {
  return {
    name: folder,
    openTensors: (file) => openSafetensorsFile(join(folder, file)),
    readText: async (name) => {
      const file = join(folder, name);
      try {
        return await readFile(file, 'utf8');
      } catch (cause) {
        throw new EimError({
          code: 'missing-file',
          message: `${file} cannot be read: ${(cause as Error).message}.`,
          advice: `Is ${folder} the folder of a saved model?`,
          data: { file },
          cause,
        });
      }
    },
    openWeights: async ({ kept, path, files }) => {
      const at = kept === 'copy' ? join(folder, path) : path;
      await refuseChangedFiles(at, files);
      return openPublishedWeights(at);
    },
  };
}

async function refuseChangedFiles(path: string, files: KeptWeights['files']): Promise<void> {
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
