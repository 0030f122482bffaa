import type { Dataset, Tokenizer } from '@eim/contracts';
import { type CreatedModel, createModel, type PluginLoader } from '@eim/core';
import { createRandomStream, currentEngine } from '@eim/engine';
import { requireMemoryFor } from '@eim/weights';
import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import type { Config } from '../config/read-config.js';
import { maxTextLength } from '../data/text-length.js';
import { prepareTokenizer } from './prepare-tokenizer.js';

export interface BuiltModel extends CreatedModel {
  readonly tokenizer: Tokenizer;
}

/**
 * The model that a config describes, each part drawn or from published weights: the same config and seed give the same
 * weights.
 */
export async function buildModel(
  { model, training }: Pick<Config, 'model' | 'training'>,
  dataset: Dataset,
  loadPlugin: PluginLoader,
): Promise<BuiltModel> {
  const tokenizer = await prepareTokenizer(model, dataset);
  const created = await createModel(model, {
    loadPlugin,
    tokenizer,
    openWeights: openPublishedWeights,
    // Refused before the first tensor is read; other engines have the machine's own memory.
    onOpened: (weights) => {
      if (currentEngine()?.name === 'wasm') requireMemoryFor(weights as OpenedWeights);
    },
    random: createRandomStream(training.seed).fork('weights'),
    maxTextLength: maxTextLength(training, dataset),
  });
  return { ...created, tokenizer };
}
