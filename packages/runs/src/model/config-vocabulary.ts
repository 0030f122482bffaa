import { type Dataset, EimError, type Tokenizer } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import type { Config } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { prepareTokenizer } from './prepare-tokenizer.js';

/** What can be known of a config's data and words where the data may not be there. */
export interface ConfigVocabulary {
  readonly dataset?: Dataset;
  /** Absent: the LLM's options or weights have to say how many ids there are. */
  readonly vocabulary?: Pick<Tokenizer, 'vocabularySize' | 'specialTokens'>;
}

/**
 * Data and tokenizer of a config where they are there. Without the data a tokenizer that is trained on them counts as full,
 * and `onNote` is told.
 */
export async function configVocabulary(
  config: Config,
  loadPlugin: PluginLoader,
  { packages, signal, onNote }: CompleteContext,
): Promise<ConfigVocabulary> {
  const { tokenizer } = config.model;
  const dataset = await unlessMissing(() => openDataset(config.data, { loadPlugin, packages, signal }));
  const known = dataset ? await unlessMissing(() => prepareTokenizer(config.model, dataset)) : undefined;
  if (known) return { dataset: dataset!, vocabulary: known };
  if (!dataset) onNote('The data are not there, so texts count as long as the config allows.');
  const rest = dataset ? { dataset } : {};
  if (tokenizer.use !== 'byte-bpe') return rest;
  return {
    ...rest,
    vocabulary: {
      vocabularySize: tokenizer.vocabularySize,
      specialTokens: { begin: 0, end: 1, pad: 2 },
    },
  };
}

async function unlessMissing<Result>(open: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await open();
  } catch (error) {
    if (EimError.isInstance(error) && error.code === 'missing-file') return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
