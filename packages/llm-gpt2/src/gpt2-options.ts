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
    /** Used where the model is made without a tokenizer. */
    specialTokens: z.strictObject({ begin: tokenId.optional(), end: tokenId, pad: tokenId }).optional(),
    /** Ids that end an answer, where there are more than the end token. */
    stopTokens: z.array(tokenId).nonempty().optional(),
    /** Inside the feed-forward layers; every published size has the tanh form of GELU. @default 'gelu' */
    activation: z.enum(['gelu', 'exact-gelu', 'relu', 'silu', 'tanh']).default('gelu'),
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
  });

/** Complete options. */
export type Gpt2Options = z.output<typeof gpt2OptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type Gpt2OptionsInput = z.input<typeof gpt2OptionsSchema>;

type Sizes = Pick<Gpt2Options, 'hiddenSize' | 'blockCount' | 'feedForwardSize' | 'contextLength'>;

/** Parameters of a GPT-2 of these sizes, without building it; the tied head counts once. */
export function gpt2ParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, feedForwardSize, contextLength, vocabularySize } = options;
  const embeddings = (vocabularySize + contextLength) * hiddenSize;
  const blocks = transformerParameterCount({ size: hiddenSize, feedForwardSize, blockCount });
  const finalNorm = 2 * hiddenSize;
  return embeddings + blocks + finalNorm;
}
