import type { CaptionDataset, Tokenizer } from '@eim/contracts';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';
import type { TokenizerConfig } from '../config/config-schema.js';
import { readJson } from '../data/read-json.js';

/** The tokenizer that a config asks for; one to be trained sees the training captions alone. */
export async function prepareTokenizer(config: TokenizerConfig, dataset: CaptionDataset): Promise<Tokenizer> {
  if (config.use === 'file') return createTokenizer(await readJson(config.path));
  const texts = dataset.split('train').flatMap(({ captions }) => captions);
  return createTokenizer(trainByteBpe(texts, { vocabularySize: config.vocabularySize }));
}
