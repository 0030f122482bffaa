import type { Dataset, Tokenizer } from '@eim/contracts';
import { type CreatedModel, createModel, type PluginLoader } from '@eim/core';
import { createRandomStream, currentEngine } from '@eim/engine';
import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import type { Config } from '../config/read-config.js';
import { maxTextLength } from '../data/text-length.js';
import { prepareTokenizer } from './prepare-tokenizer.js';
import { requireEngineMemory } from './require-engine-memory.js';
import { refuseOtherVocabulary } from './saved-parts/same-vocabulary.js';
import { readSavedParts } from './saved-parts/saved-parts.js';

export interface BuiltModel extends CreatedModel {
  readonly tokenizer: Tokenizer;
  /** Names of the parameters that started from the values of a saved model. */
  readonly inherited: ReadonlySet<string>;
}

/**
 * The model that a config describes, each part drawn, from published weights or from a saved model: the same config and seed
 * give the same weights.
 */
export async function buildModel(
  { model, training }: Pick<Config, 'model' | 'training'>,
  dataset: Dataset,
  loadPlugin: PluginLoader,
): Promise<BuiltModel> {
  const tokenizer = await prepareTokenizer(model, dataset);
  await refuseOtherVocabulary(model, tokenizer);
  const saved = await readSavedParts(model);
  const created = await createModel(saved.model, {
    loadPlugin,
    tokenizer,
    openWeights: openPublishedWeights,
    onOpened: (weights, { quantised }) =>
      requireEngineMemory(weights as OpenedWeights, currentEngine()?.name, quantised),
    random: createRandomStream(training.seed).fork('weights'),
    maxTextLength: maxTextLength(training, dataset),
  });
  try {
    return { ...created, tokenizer, inherited: await saved.assign(created.model) };
  } catch (error) {
    created.model.dispose();
    throw error;
  }
}
