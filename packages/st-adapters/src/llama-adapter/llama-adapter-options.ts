import { z } from 'zod';

const count = z.int().positive();

/** How the pictures of LLaMA-Adapter V1 become one vector of the LLM's width. */
const visualSchema = z.strictObject({
  /** Encoder blocks (1-based) whose outputs are read, beside each other in this order. */
  blocks: z.array(count).min(1).readonly(),
  /**
   * What is taken of a block: its `class-token` (the published way, for vision transformers), or the `mean` of all its
   * tokens, which any encoder has.
   * @default 'class-token'
   */
  read: z.enum(['class-token', 'mean']).default('class-token'),
  /** Width between the two linear layers. @default 64 */
  hiddenSize: count.default(64),
  /** Between the two linear layers. @default 'silu' */
  activation: z.enum(['silu', 'gelu', 'exact-gelu', 'quick-gelu', 'relu', 'tanh']).default('silu'),
});

/** Options of LLaMA-Adapter V1 (Zhang et al. 2023). */
export const llamaAdapterOptionsSchema = z.strictObject({
  /** Prompts in each adapted block. @default 10 */
  promptLength: count.default(10),
  /** Adapted blocks: the last ones of the LLM. @default 30 */
  layerCount: count.default(30),
  /** Absent: text alone; pictures are not read. */
  visual: visualSchema.optional(),
  /** What the published programs do otherwise than the published training. */
  compat: z
    .strictObject({
      /**
       * The gate as it is, without tanh, as the published inference program has it; training has tanh. A file of weights does not
       * say which of them is meant. @default false
       */
      plainGate: z.boolean().default(false),
    })
    .prefault({}),
});

export type LlamaAdapterOptions = z.output<typeof llamaAdapterOptionsSchema>;
export type LlamaAdapterOptionsInput = z.input<typeof llamaAdapterOptionsSchema>;
export type VisualTokenOptions = z.output<typeof visualSchema>;
