import { z } from 'zod';

const count = z.int().positive();

/** Words of a prefix: a text that the LLM's tokenizer turns into ids, or the ids. */
const wordsSchema = z.union([z.string(), z.array(z.int().min(0)).readonly()], {
  error: 'must be a text or a list of token ids',
});

/** What the published program gets wrong. Everything is right by default; `true` does as the program does. */
const compatSchema = z.strictObject({
  /**
   * In generation, what comes behind the shortest prompt of a batch stands one position too early: the program gives the
   * modality token a position in the first pass and forgets it later. @default false
   */
  laterPositions: z.boolean().default(false),
  /**
   * Adapters in the encoder route each position of every picture as the first picture of the batch has it there, so that a
   * picture's tokens depend on its neighbours. @default false
   */
  batchRouting: z.boolean().default(false),
  /**
   * A row of text shows a picture of zeros, which the encoder runs on beside the others, in the order of the rows. Nobody reads
   * what comes of it; it costs time, and with `batchRouting` it changes the other pictures where it is the first. @default false
   */
  blankPictures: z.boolean().default(false),
});

/** Options of LaVIN's ST (Luo et al. 2023). */
export const lavinOptionsSchema = z
  .strictObject({
    /** Channels between the convolutions of an adapter (`--adapter_dim`). */
    adapterSize: count,
    /** Groups of an adapter's second convolutions; divides `adapterSize` and the widths. @default 2 */
    groups: count.default(2),
    /** What an adapter adds counts so many times (`--adapter_scale`). @default 1 */
    scale: z.number().default(1),
    /** Of the routers' softmax (`--temperature`): 10 with LLaMA-7B, 5 with 13B. */
    temperature: z.number().positive(),
    /** Between the convolutions of an adapter, in training. @default 0.1 */
    dropout: z.number().min(0).lt(1).default(0.1),
    /** Width inside the projection of visual tokens (`--hidden_proj`). */
    projectionSize: count,
    /**
     * What a picture's visual tokens are. `class-tokens`: the class token after every `classTokenInterval` blocks of a vision
     * transformer. `mean`: one token, the mean of the encoder's last grid, for encoders without a class token.
     * @default 'class-tokens'
     */
    visualTokens: z.enum(['class-tokens', 'mean']).default('class-tokens'),
    /** Blocks from one class token that is read to the next; the first is as many blocks deep. @default 4 */
    classTokenInterval: count.default(4),
    /** Whether the encoder has adapters too; it then needs blocks of attention. @default true */
    encoderAdapters: z.boolean().default(true),
    /** Words before the visual tokens. @default 'Image: ' */
    pictureWords: wordsSchema.default('Image: '),
    /** Words before a text that shows no picture. @default 'Image: N/A' */
    textWords: wordsSchema.default('Image: N/A'),
    compat: compatSchema.prefault({}),
  })
  .refine(({ adapterSize, groups }) => adapterSize % groups === 0, {
    path: ['groups'],
    error: 'must divide adapterSize',
  });

/** Complete options. */
export type LavinOptions = z.output<typeof lavinOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type LavinOptionsInput = z.input<typeof lavinOptionsSchema>;
