import type { WeightsDescription } from '@eim/contracts';
import { familyName } from '@eim/weights';

/** Whose names the weights have: Meta's (also llama2.c's), Hugging Face's, or llama.cpp's. */
export type LlamaNaming = 'meta' | 'hugging-face' | 'gguf';

/** How published LLaMA weights are laid out. */
export interface LlamaLayout {
  readonly naming: LlamaNaming;
  /** What stands before a name in each file that holds a part of it; one empty string for whole tensors, `llama.` where other models lie beside it. */
  readonly shards: readonly string[];
  /** What the shards of the embedding table hold: LLaMA 1 and 2 split its columns, LLaMA 3 its rows. */
  readonly tableSplit: 'rows' | 'columns';
}

const EMBEDDINGS: Readonly<Record<LlamaNaming, string>> = {
  meta: 'tok_embeddings.weight',
  'hugging-face': 'model.embed_tokens.weight',
  gguf: 'token_embd.weight',
};

/** What stands before LLaMA's names where it lies beside other models: LLaMA-Adapter V2's training states. */
const PREFIXES = ['llama.'];

const OTHER_FAMILY = /\.attn_q\.bias$|\.self_attn\.q_proj\.bias$|\.(q|k)_norm\.weight$|post_attention_norm/;

/** The layout of LLaMA weights; undefined where the names are none of LLaMA's. */
export function findLlamaLayout(weights: WeightsDescription): LlamaLayout | undefined {
  for (const naming of ['meta', 'hugging-face', 'gguf'] as const) {
    const shards = weights.tensorNames
      .filter(
        (name) =>
          [...PREFIXES, ''].some((before) => name === before + EMBEDDINGS[naming]) ||
          name.endsWith(`:${EMBEDDINGS[naming]}`),
      )
      .map((name) => name.slice(0, -EMBEDDINGS[naming].length))
      .sort();
    if (shards.length === 0) continue;
    const [rows, columns] = weights.info(shards[0] + EMBEDDINGS[naming]).shape;
    const norm = weights.tensorNames.find(
      (name) => name.startsWith(shards[0]!) && name.endsWith('norm.weight'),
    );
    const size = norm === undefined ? columns : weights.info(norm).shape[0];
    return { naming, shards, tableSplit: rows !== undefined && columns === size ? 'rows' : 'columns' };
  }
  return undefined;
}

/** Whether weights are LLaMA's: by the family that they name themselves, else by their names. */
export function recogniseLlama(weights: WeightsDescription): boolean {
  const family = familyName(weights);
  if (family !== undefined) return family === 'llama';
  return (
    findLlamaLayout(weights) !== undefined && !weights.tensorNames.some((name) => OTHER_FAMILY.test(name))
  );
}
