import { type Dataset, EimError, type Tokenizer } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import type { Config } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { prepareTokenizer } from './prepare-tokenizer.js';

/** What is known of a config's data and vocabulary, even if the data are missing. */
export interface ConfigVocabulary {
  readonly dataset?: Dataset;
  /** Absent: the LLM's options or weights have to say how many ids there are. */
  readonly vocabulary?: Pick<Tokenizer, 'vocabularySize' | 'specialTokens' | 'addedTokenCount'>;
}

/**
 * Data and tokenizer of a config, if they exist. Without the data, a tokenizer that is to be trained on them counts with
 * its full vocabulary, and `onNote` gets a message.
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
