import type { CaptionDataset, Tokenizer } from '@eim/contracts';
import { type CreatedModel, createModel, type PluginLoader } from '@eim/core';
import { createRandomStream } from '@eim/engine';
import type { Config } from '../config/read-config.js';
import { prepareTokenizer } from './prepare-tokenizer.js';

export interface BuiltModel extends CreatedModel {
  readonly tokenizer: Tokenizer;
}

/** The model that a config describes, freshly initialised: the same config and seed give the same weights. */
export async function buildModel(
  { model, training }: Pick<Config, 'model' | 'training'>,
  dataset: CaptionDataset,
  loadPlugin: PluginLoader,
): Promise<BuiltModel> {
  const tokenizer = await prepareTokenizer(model.tokenizer, dataset);
  const created = await createModel(model, {
    loadPlugin,
    tokenizer,
    random: createRandomStream(training.seed).fork('weights'),
    maxTextLength: training.maxTextLength,
  });
  return { ...created, tokenizer };
}
