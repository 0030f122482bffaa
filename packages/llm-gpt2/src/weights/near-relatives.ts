import type { WeightsDescription } from '@eim/contracts';
import { distinguishFamily, type FamilyDifference } from '@eim/weights';

const SIDE_BY_SIDE = 'halves of a block side by side';

const neox = { family: 'GPT-NeoX', has: `rotary positions on a part of each head, and ${SIDE_BY_SIDE}` };
const gptj = { family: 'GPT-J', has: `rotary positions on a part of each head, and ${SIDE_BY_SIDE}` };
const bigCode = { family: 'StarCoder (GPT-BigCode)', has: 'one key and value head for all query heads' };

/** Models whose blocks are close to GPT-2's, by `model_type` and by GGUF's architecture. */
const NEAR_RELATIVES: Readonly<Record<string, FamilyDifference>> = {
  openaigpt: { family: 'GPT', has: 'norms behind each half of a block, and none at the end' },
  gptneo: { family: 'GPT-Neo', has: 'attention that is not scaled, and local in every other block' },
  gptneox: neox,
  gptj,
  codegen: { family: 'CodeGen', has: `rotary positions on a part of each head, and ${SIDE_BY_SIDE}` },
  gptbigcode: bigCode,
  starcoder: bigCode,
  opt: { family: 'OPT', has: 'positions that begin at 2, and a ReLU' },
  bloom: { family: 'BLOOM', has: 'ALiBi in place of learned positions, and a norm of the embeddings' },
  mpt: { family: 'MPT', has: 'ALiBi in place of learned positions, and no biases' },
};

/** A sentence about weights that name a near relative of GPT-2 as their family; undefined of all others. */
export function distinguishFromGpt2(weights: WeightsDescription): string | undefined {
  if (weights.config['general.architecture'] === 'gpt2')
    return 'Its family is GPT-2 in llama.cpp’s layout ("gpt2"), and GPT-2 is read in Hugging Face’s layout alone.';
  return distinguishFamily(weights, NEAR_RELATIVES, 'GPT-2');
}
