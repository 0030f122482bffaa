import type { Dataset, Tokenizer } from '@eim/contracts';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';
import type { Config } from '../config/read-config.js';
import { readJson } from '../data/read-json.js';
import { openTokenizerOf } from './open-tokenizer-of.js';
import { savedTokenizer } from './saved-parts/same-vocabulary.js';

/** The tokenizer that a config asks for; one to be trained sees the training texts alone. */
export async function prepareTokenizer(
  { tokenizer, llm }: Config['model'],
  dataset: Dataset,
): Promise<Tokenizer> {
  if (tokenizer.use === 'file') return createTokenizer(await readJson(tokenizer.path));
  if (tokenizer.use === 'llm') return (await savedTokenizer({ llm })) ?? openTokenizerOf(llm.weights!);
  const texts = dataset
    .split('train')
    .flatMap(({ system, earlier = [], prompt, answers }) => [
      ...[system ?? '', ...earlier.flatMap((turn) => [turn.prompt, turn.answer]), prompt].filter(
        (text) => text !== '',
      ),
      ...answers,
    ]);
  return createTokenizer(trainByteBpe(texts, { vocabularySize: tokenizer.vocabularySize }));
}
