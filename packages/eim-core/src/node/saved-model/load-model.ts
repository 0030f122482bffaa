import { readFile } from 'node:fs/promises';
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
import { keptWeightsPath, refuseChangedWeights } from './kept-weights-path.js';

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
    openWeights: async (kept, adapter) => {
      const unchanged = async (one: KeptWeights) => {
        const path = keptWeightsPath(folder, one);
        await refuseChangedWeights(path, one);
        return path;
      };
      const path = await unchanged(kept);
      return openPublishedWeights(path, { adapter: adapter && (await unchanged(adapter)) });
    },
  };
}
