import { transformerParameterCount } from '@eim/nn';
import { z } from 'zod';

const count = z.int().positive();
const rate = z.number().min(0).lt(1);
const tokenId = z.int().min(0);

/** Every hyper-parameter of a GPT-2 (Radford et al. 2019). */
export const gpt2OptionsSchema = z
  .strictObject({
    /** Width of the embeddings and of the residual stream. */
    hiddenSize: count,
    blockCount: count,
    /** Divides `hiddenSize`. */
    headCount: count,
    /** Width inside the feed-forward layers. */
    feedForwardSize: count,
    /** Positions, prefix and text together. */
    contextLength: count,
    /** Absent: the tokenizer's. */
    vocabularySize: count.optional(),
    /** Used where the model is made without a tokenizer. Without `end` nothing ends a text, and `stopTokens` must be given. */
    specialTokens: z
      .strictObject({ begin: tokenId.optional(), end: tokenId.optional(), pad: tokenId.optional() })
      .optional(),
    /** Ids that end an answer; none where nothing ends one. Absent: the end token. */
    stopTokens: z.array(tokenId).optional(),
    /** Inside the feed-forward layers; every published size has the tanh form of GELU. @default 'gelu' */
    activation: z.enum(['gelu', 'exact-gelu', 'quick-gelu', 'relu', 'silu', 'tanh']).default('gelu'),
    /** Whether the head is the embedding table, as in every published size. @default true */
    tiedHead: z.boolean().default(true),
    /** Added to the variance in each LayerNorm. @default 1e-5 */
    normEpsilon: z.number().positive().default(1e-5),
    /** Of the embeddings, in training; GPT-2 was trained with 0.1. @default 0 */
    embeddingDropout: rate.default(0),
    /** Of the attention weights, in training. @default 0 */
    attentionDropout: rate.default(0),
    /** Of what attention and feed-forward add, in training. @default 0 */
    residualDropout: rate.default(0),
    /** Of freshly initialised weights and embeddings. @default 0.02 */
    initialStandardDeviation: z.number().positive().default(0.02),
  })
  .refine(({ hiddenSize, headCount }) => hiddenSize % headCount === 0, {
    path: ['headCount'],
    error: 'must divide hiddenSize',
  })
  .refine(
    ({ specialTokens, stopTokens }) => !specialTokens || (specialTokens.end ?? stopTokens) !== undefined,
    {
      path: ['specialTokens', 'end'],
      error: 'must be given, unless stopTokens says what ends an answer',
    },
  );

/** Complete options. */
export type Gpt2Options = z.output<typeof gpt2OptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type Gpt2OptionsInput = z.input<typeof gpt2OptionsSchema>;

type Sizes = Pick<Gpt2Options, 'hiddenSize' | 'blockCount' | 'feedForwardSize' | 'contextLength'> &
  Partial<Pick<Gpt2Options, 'tiedHead'>>;

/** Parameters of a GPT-2 of these sizes, without building it; a tied head counts once. */
export function gpt2ParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, feedForwardSize, contextLength, vocabularySize, tiedHead = true } = options;
  const tables = (tiedHead ? 1 : 2) * vocabularySize + contextLength;
  const embeddings = tables * hiddenSize;
  const blocks = transformerParameterCount({ size: hiddenSize, feedForwardSize, blockCount });
  const finalNorm = 2 * hiddenSize;
  return embeddings + blocks + finalNorm;
}
