import { z } from 'zod';
import { type RopeScaling, ropeScalingSchema } from './rotary/rope-scaling.js';

const count = z.int().positive();
const rate = z.number().min(0).lt(1);
const tokenId = z.int().min(0);

/** Every hyper-parameter of a LLaMA model. */
export const llamaOptionsSchema = z
  .strictObject({
    hiddenSize: count,
    /** At most 1000, several times what any published model has: a damaged description must not fill the memory. */
    blockCount: count.max(1000),
    /** Query heads. */
    headCount: count,
    /** Width of each head, an even number. Absent: hiddenSize / headCount. */
    headSize: count.optional(),
    /** Key and value heads; divides `headCount`. Absent: `headCount`. */
    keyValueHeadCount: count.optional(),
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
    /** Of the gate inside the feed-forward layers. @default 'silu' */
    activation: z.enum(['silu', 'gelu', 'exact-gelu', 'quick-gelu', 'relu', 'tanh']).default('silu'),
    /** Whether query, key and value have biases. @default false */
    queryKeyValueBias: z.boolean().default(false),
    /** Whether the linear layer that ends the attention has a bias. @default false */
    attentionOutputBias: z.boolean().default(false),
    /** Whether the three feed-forward layers have biases. @default false */
    feedForwardBias: z.boolean().default(false),
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
  .refine((sizes) => headSizeOf(sizes) % 2 === 0, {
    path: ['headCount'],
    error: 'must divide hiddenSize into heads of an even width, unless headSize says another even width',
  })
  .refine(({ headCount, keyValueHeadCount = headCount }) => headCount % keyValueHeadCount === 0, {
    path: ['keyValueHeadCount'],
    error: 'must divide headCount',
  })
  .refine(
    ({ ropeScaling, ...sizes }) =>
      ropeScaling?.type !== 'factors' || ropeScaling.factors.length === headSizeOf(sizes) / 2,
    { path: ['ropeScaling', 'factors'], error: 'must be one for each pair of a head’s elements' },
  )
  .refine(({ ropeScaling, ...sizes }) => ropeScaling?.type !== 'dynamic' || headSizeOf(sizes) > 2, {
    path: ['ropeScaling', 'type'],
    error: 'dynamic needs heads of more than 2 elements',
  })
  .refine(
    ({ specialTokens, stopTokens }) => !specialTokens || (specialTokens.end ?? stopTokens) !== undefined,
    {
      path: ['specialTokens', 'end'],
      error: 'must be given, unless stopTokens says what ends an answer',
    },
  );

/** Complete options. */
export type LlamaOptions = z.output<typeof llamaOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type LlamaOptionsInput = z.input<typeof llamaOptionsSchema>;
export type { RopeScaling };

interface HeadSizes {
  readonly hiddenSize: number;
  readonly headCount: number;
  readonly headSize?: number | undefined;
}

/** Width of each head. */
export const headSizeOf = ({ hiddenSize, headCount, headSize = hiddenSize / headCount }: HeadSizes): number =>
  headSize;

type Sizes = Pick<LlamaOptions, 'hiddenSize' | 'blockCount' | 'headCount' | 'feedForwardSize'> &
  Partial<
    Pick<
      LlamaOptions,
      | 'headSize'
      | 'keyValueHeadCount'
      | 'tiedHead'
      | 'queryKeyValueBias'
      | 'attentionOutputBias'
      | 'feedForwardBias'
    >
  >;

/** Parameters of a LLaMA of these sizes, without building it; a tied head counts once. */
export function llamaParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, headCount, feedForwardSize, vocabularySize } = options;
  const { keyValueHeadCount = headCount, tiedHead = false } = options;
  const querySize = headSizeOf(options) * headCount;
  const attentionInputs = querySize + 2 * headSizeOf(options) * keyValueHeadCount;
  const attention = hiddenSize * (attentionInputs + querySize);
  const feedForward = 3 * hiddenSize * feedForwardSize;
  const biases =
    (options.queryKeyValueBias ? attentionInputs : 0) +
    (options.attentionOutputBias ? hiddenSize : 0) +
    (options.feedForwardBias ? 2 * feedForwardSize + hiddenSize : 0);
  const norms = 2 * hiddenSize;
  const tables = (tiedHead ? 1 : 2) * vocabularySize * hiddenSize;
  return tables + blockCount * (attention + feedForward + biases + norms) + hiddenSize;
}
