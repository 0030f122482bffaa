import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EimError, type Tokenizer } from '@eim/contracts';
import type { ComposedModel, ModelDescription } from '@eim/core';
import { loadModel } from '@eim/core/node';
import { createTokenizer } from '@eim/tokenizers';
import type { CompleteContext } from '../context.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import { pluginLoader } from './plugin-loader.js';

/** The trained model of a run. @throws EimError `missing-file` where training has not ended yet */
export async function loadRunModel(
  folder: RunFolder,
  context: Pick<CompleteContext, 'packages' | 'workingFolder'>,
): Promise<{
  readonly model: ComposedModel;
  readonly tokenizer: Tokenizer;
  readonly description: ModelDescription;
}> {
  requireTrainedModel(folder);
  const loadPlugin = pluginLoader(folder.configFile, context);
  const { model, tokenizer, description } = await loadModel(folder.modelFolder, {
    loadPlugin,
    createTokenizer,
  });
  return { model, tokenizer: tokenizer!, description };
}

/** @throws EimError `missing-file` where training has not ended yet */
export function requireTrainedModel(folder: RunFolder): void {
  if (!existsSync(join(folder.modelFolder, 'model.json'))) throw unfinishedRun(folder);
}

export function unfinishedRun(folder: RunFolder): EimError {
  return new EimError({
    code: 'missing-file',
    message: `${folder.path} holds no trained model yet.`,
    advice: `Go on with its training by \`eim train --resume ${folder.path}\`.`,
    data: { folder: folder.path },
  });
}
