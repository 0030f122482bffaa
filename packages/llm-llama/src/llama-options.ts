import { z } from 'zod';

const count = z.int().positive();
const rate = z.number().min(0).lt(1);
const tokenId = z.int().min(0);

/** How rotary frequencies are stretched for contexts longer than those of the first training. */
const ropeScalingSchema = z.discriminatedUnion('type', [
  /** Position interpolation (Chen et al. 2023): every frequency divided by `factor`. */
  z.strictObject({ type: z.literal('linear'), factor: z.number().min(1) }),
  /** LLaMA 3.1 (Dubey et al. 2024, and `apply_scaling` of Meta's llama_models). */
  z.strictObject({
    type: z.literal('llama3'),
    factor: z.number().min(1),
    lowFrequencyFactor: z.number().positive(),
    highFrequencyFactor: z.number().positive(),
    originalContextLength: count,
  }),
  /** llama.cpp's `rope_freqs.weight`: what each frequency is divided by, one for each pair of a head's elements. */
  z.strictObject({ type: z.literal('factors'), factors: z.array(z.number().positive()) }),
]);

/** Every hyper-parameter of a LLaMA model. */
export const llamaOptionsSchema = z
  .strictObject({
    hiddenSize: count,
    /** At most 1000, several times what any published model has: a damaged description must not fill the memory. */
    blockCount: count.max(1000),
    /** Query heads; divides `hiddenSize` into an even head width. */
    headCount: count,
    /** Key and value heads; divides `headCount`. Absent: `headCount`. */
    keyValueHeadCount: count.optional(),
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
    /** Added to the mean square in each norm. @default 1e-5 */
    normEpsilon: z.number().positive().default(1e-5),
    /** Base of the rotary frequencies. @default 10000 */
    ropeBase: z.number().positive().default(10000),
    /** Absent: frequencies as they are. */
    ropeScaling: ropeScalingSchema.optional(),
    /** Whether the head is the embedding table. @default false */
    tiedHead: z.boolean().default(false),
    /** Of the embeddings, in training. @default 0 */
    embeddingDropout: rate.default(0),
    /** Of the attention weights, in training. @default 0 */
    attentionDropout: rate.default(0),
    /** Of what attention and feed-forward add, in training. @default 0 */
    residualDropout: rate.default(0),
    /** Of freshly initialised weights and embeddings. @default 0.02 */
    initialStandardDeviation: z.number().positive().default(0.02),
  })
  .refine(({ hiddenSize, headCount }) => hiddenSize % (2 * headCount) === 0, {
    path: ['headCount'],
    error: 'must divide hiddenSize into heads of an even width',
  })
  .refine(({ headCount, keyValueHeadCount = headCount }) => headCount % keyValueHeadCount === 0, {
    path: ['keyValueHeadCount'],
    error: 'must divide headCount',
  })
  .refine(
    ({ ropeScaling, hiddenSize, headCount }) =>
      ropeScaling?.type !== 'factors' || ropeScaling.factors.length === hiddenSize / headCount / 2,
    { path: ['ropeScaling', 'factors'], error: 'must be one for each pair of a head’s elements' },
  );

/** Complete options. */
export type LlamaOptions = z.output<typeof llamaOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type LlamaOptionsInput = z.input<typeof llamaOptionsSchema>;
export type RopeScaling = z.output<typeof ropeScalingSchema>;

type Sizes = Pick<LlamaOptions, 'hiddenSize' | 'blockCount' | 'headCount' | 'feedForwardSize'> &
  Partial<Pick<LlamaOptions, 'keyValueHeadCount' | 'tiedHead'>>;

/** Parameters of a LLaMA of these sizes, without building it; a tied head counts once. */
export function llamaParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, headCount, feedForwardSize, vocabularySize } = options;
  const { keyValueHeadCount = headCount, tiedHead = false } = options;
  const keyValueSize = (hiddenSize / headCount) * keyValueHeadCount;
  const attention = 2 * hiddenSize * hiddenSize + 2 * hiddenSize * keyValueSize;
  const feedForward = 3 * hiddenSize * feedForwardSize;
  const norms = 2 * hiddenSize;
  const tables = (tiedHead ? 1 : 2) * vocabularySize * hiddenSize;
  return tables + blockCount * (attention + feedForward + norms) + hiddenSize;
}
