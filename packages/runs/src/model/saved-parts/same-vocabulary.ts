import { EimError, type Tokenizer } from '@eim/contracts';
import { readSavedPart } from '@eim/core/node';
import { createTokenizer } from '@eim/tokenizers';
import type { Config } from '../../config/read-config.js';
import { readJson } from '../../data/read-json.js';
import { savedModelFolder } from './saved-model-folder.js';

/** The tokenizer that a saved model was saved with, where the LLM starts from one. */
export async function savedTokenizer({ llm }: Pick<Config['model'], 'llm'>): Promise<Tokenizer | undefined> {
  const folder = llm.weights === undefined ? undefined : savedModelFolder(llm.weights);
  if (folder === undefined) return undefined;
  const { tokenizer } = await readSavedPart(folder, 'llm');
  return tokenizer === undefined ? undefined : createTokenizer(await readJson(tokenizer));
}

/**
 * An LLM from a saved model reads ids as it learnt them.
 * @throws EimError `invalid-config` where the config's tokenizer gives them other meanings
 */
export async function refuseOtherVocabulary(model: Config['model'], tokenizer: Tokenizer): Promise<void> {
  const saved = await savedTokenizer(model);
  if (!saved || JSON.stringify(saved.toJSON()) === JSON.stringify(tokenizer.toJSON())) return;
  throw new EimError({
    code: 'invalid-config',
    message: `model.tokenizer.use is ${model.tokenizer.use}, which makes another vocabulary than the LLM of ${model.llm.weights} learnt.`,
    advice: 'Write tokenizer: { use: llm }.',
    data: { path: 'model.tokenizer.use', weights: model.llm.weights },
  });
}
