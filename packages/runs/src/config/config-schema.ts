import { z } from 'zod';
import { ENGINE_NAMES } from '../arguments/engine-names.js';
import { dataSchema } from './data-schema.js';

const partSchema = z.strictObject({
  /** A plug-in package, as `@eim/encoder-clip`, or `@eim/st-adapters/clipcap-mlp` where it offers several. */
  use: z.string().min(1),
  /** A named set of options. */
  preset: z.string().min(1).optional(),
  /** Laid over the preset's; checked by the part's own schema. @default {} */
  options: z.record(z.string(), z.unknown()).default({}),
});
export type PartConfig = z.output<typeof partSchema>;

const tokenizerSchema = z.discriminatedUnion('use', [
  /** Trained on the training captions alone. */
  z.strictObject({
    use: z.literal('byte-bpe'),
    /** Upper bound: small data may not fill it. @default 2000 */
    vocabularySize: z.int().min(260).default(2000),
  }),
  /** A `tokenizer.json`. */
  z.strictObject({ use: z.literal('file'), path: z.string().min(1) }),
]);
export type TokenizerConfig = z.output<typeof tokenizerSchema>;

const modelSchema = z.strictObject({
  tokenizer: tokenizerSchema,
  encoder: partSchema,
  st: partSchema,
  llm: partSchema,
});

const trainingSchema = z.strictObject({
  /** Of the initial weights, the data order and every random draw. @default 1 */
  seed: z.int().min(0).default(1),
  /** Distinct pictures a step, for plans and segments that do not say. Absent: the plan's own default. */
  batchSize: z.int().min(1).optional(),
  /** Steps between checkpoints. Absent: one a minute. */
  checkpointEvery: z.int().min(1).optional(),
  /** Captions longer than this are cut, in tokens. @default 40 */
  maxTextLength: z.int().min(4).default(40),
});

const evaluationSchema = z.strictObject({
  /** @default 'test' */
  split: z.string().min(1).default('test'),
  /** 1 is greedy. @default 1 */
  beams: z.int().min(1).default(1),
  /** @default 40 */
  maxNewTokens: z.int().min(1).default(40),
  /** Pictures captioned at a time. @default 50 */
  batchSize: z.int().min(1).default(50),
});

/** A config but for its `plan`, which `checkPlan` reads. */
export const configSchema = z.strictObject({
  /** Name of the run. Absent: the config file's. */
  name: z
    .string()
    .regex(/^[\w.-]+$/, { error: 'must be letters, digits, dots, hyphens and underscores' })
    .optional(),
  model: modelSchema,
  data: dataSchema,
  plan: z.record(z.string(), z.unknown()),
  training: trainingSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  /** Absent: the fastest there is. */
  engine: z.enum(ENGINE_NAMES).optional(),
});
export type ConfigSections = z.output<typeof configSchema>;
