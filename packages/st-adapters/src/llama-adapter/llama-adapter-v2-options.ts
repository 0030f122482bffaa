import { z } from 'zod';

const count = z.int().positive();

/** Options of LLaMA-Adapter V2 (Gao et al. 2023), as its published multi-modal program has it. */
export const llamaAdapterV2OptionsSchema = z
  .strictObject({
    /** Prompts in each adapted block, and visual queries. @default 10 */
    promptLength: count.default(10),
    /** Adapted blocks: the last ones of the LLM. @default 31 */
    layerCount: count.default(31),
    /** Width of the visual blocks. @default 768 */
    visualSize: count.default(768),
    /** Blocks that the visual queries pass with the picture's tokens. @default 8 */
    visualBlockCount: z.int().min(0).default(8),
    /** Divides `visualSize`. @default 16 */
    visualHeadCount: count.default(16),
    /** Width of their feed-forward layers over `visualSize`. @default 4 */
    visualFeedForwardRatio: z.number().positive().default(4),
    /** Whether the LLM's linear layers get biases that learn, keys and values apart. @default true */
    biases: z.boolean().default(true),
    /** Rank of what is added to the LLM's linear layers. Absent: nothing is. */
    loraRank: count.optional(),
    /** What the published programs do. */
    compat: z
      .strictObject({
        /**
         * A row of text shows a picture of zeros, which is encoded, and whose query is added to the prompts as any other's.
         * Otherwise nothing is added to them. @default false
         */
        blankPictures: z.boolean().default(false),
      })
      .prefault({}),
  })
  .refine(({ visualSize, visualHeadCount }) => visualSize % visualHeadCount === 0, {
    path: ['visualHeadCount'],
    error: 'must divide visualSize',
  });

export type LlamaAdapterV2Options = z.output<typeof llamaAdapterV2OptionsSchema>;
export type LlamaAdapterV2OptionsInput = z.input<typeof llamaAdapterV2OptionsSchema>;
