import { QUANTISE_FORMATS } from '@eim/weights';
import { z } from 'zod';
import { ENGINE_NAMES } from '../arguments/engine-names.js';
import { dataSchema } from './data-schema.js';

const partSchema = z.strictObject({
  /** A plug-in package such as `@eim/encoder-clip`, or `@eim/st-adapters/clipcap-mlp` where it offers several. */
  use: z.string().min(1),
  /** A named set of options; `null` takes one away that stands in the file. */
  preset: z
    .string()
    .min(1)
    .nullish()
    .transform((preset) => preset ?? undefined),
  /** Override the preset's options; checked by the part's own schema. @default {} */
  options: z.record(z.string(), z.unknown()).default({}),
  /**
   * Weights to start from: published ones, as a folder or file of any form that `eim inspect` knows, or the name of a model
   * that `eim pull` fetched; or a run, or the folder of its model, whose same part is taken. Options then come from their own
   * description, unless a preset is named. Relative to the config file; `${NAME}` and `${NAME:-default}` stand for
   * environment variables.
   */
  weights: z.string().min(1).optional(),
  /**
   * A LoRA with which published weights are read: a folder that peft's `save_pretrained` wrote (`adapter_config.json` and
   * `adapter_model.safetensors` or `.bin`). Relative as `weights` are.
   */
  adapter: z.string().min(1).optional(),
});
const llmSchema = partSchema.extend({
  /**
   * Puts the matrices of published weights in floats (F32, F16, BF16) into blocks when they are read: `q8_0` or `q4_0`, as
   * llama.cpp's tools do, or `nf4` with double quantisation, as QLoRA does. For an LLM that no segment trains.
   */
  quantise: z.enum(QUANTISE_FORMATS).optional(),
});
export type PartConfig = z.output<typeof partSchema> & Pick<z.output<typeof llmSchema>, 'quantise'>;

const tokenizerSchema = z.discriminatedUnion('use', [
  /** Trained on the training captions alone. */
  z.strictObject({
    use: z.literal('byte-bpe'),
    /** Upper bound: small data may not fill it. @default 2000 */
    vocabularySize: z.int().min(260).default(2000),
  }),
  /** The tokenizer that comes with the LLM's published weights. */
  z.strictObject({ use: z.literal('llm') }),
  /** A `tokenizer.json`. */
  z.strictObject({ use: z.literal('file'), path: z.string().min(1) }),
]);
export type TokenizerConfig = z.output<typeof tokenizerSchema>;

const modelSchema = z
  .strictObject({
    tokenizer: tokenizerSchema,
    encoder: partSchema,
    st: partSchema,
    llm: llmSchema,
  })
  .refine(({ tokenizer, llm }) => tokenizer.use !== 'llm' || llm.weights !== undefined, {
    path: ['tokenizer', 'use'],
    error: "'llm' takes the tokenizer of the LLM's published weights, but the LLM names none",
  })
  .refine(({ llm }) => llm.quantise === undefined || llm.weights !== undefined, {
    path: ['llm', 'quantise'],
    error: 'quantises published weights, but the LLM names none',
  });

const trainingSchema = z.strictObject({
  /** Seeds the initial weights, the data order and every random draw. @default 1 */
  seed: z.int().min(0).default(1),
  /** Distinct pictures in each step, for plans and segments that name no number. Absent: the plan's own default. */
  batchSize: z.int().min(1).optional(),
  /** Steps between checkpoints. Absent: one a minute. */
  checkpointEvery: z.int().min(1).optional(),
  /** Greatest length of a row in tokens; longer ones are cut. Absent: 40 for captions, 512 where rows have prompts. */
  maxTextLength: z.int().min(4).optional(),
  /**
   * What longer rows lose. `answer-first`: the end of the answer, then the start of the prompt; the end token stays. `end`: whatever
   * stands behind the greatest length, as the programs of LaVIN and LLaMA-Adapter do it; LaVIN's counts the words and
   * visual tokens before the text, too. @default 'answer-first'
   */
  cutRows: z.enum(['answer-first', 'end']).default('answer-first'),
  /** Lengths that rows with prompts are padded to. @default [64, 128, 256, 512] */
  textLengths: z.array(z.int().min(1)).min(1).optional(),
  /** Decoded pictures and cached features that are kept in memory, in MiB; the rest lies on disk. @default 1024 */
  pictureMemory: z.int().min(1).default(1024),
  /**
   * Where outputs of what is frozen are kept. `disk`: in memory, and for later runs in the cache folder. `memory`: for this run
   * alone. `off`: nowhere, every batch computes them anew. The run ends with the same weights either way. @default 'disk'
   */
  featureCache: z.enum(['disk', 'memory', 'off']).default('disk'),
  /** How published weights that no segment changes are kept with the run: as a copy, or as a path and a hash. @default 'copy' */
  frozenWeights: z.enum(['copy', 'reference']).default('copy'),
});

export const evaluationSchema = z.strictObject({
  /** @default 'test' */
  split: z.string().min(1).default('test'),
  /** 1 is greedy. @default 1 */
  beams: z.int().min(1).default(1),
  /** @default 40 */
  maxNewTokens: z.int().min(1).default(40),
  /** Pictures captioned at a time. @default 50 */
  batchSize: z.int().min(1).default(50),
});

const loggerSchema = z.strictObject({
  /** A package, as `@acme/logger`, or `@acme/logger/entry`. */
  use: z.string().min(1),
  preset: z.string().min(1).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});
export type LoggerConfig = z.output<typeof loggerSchema>;

/** A config without its `plan`, which `checkPlan` reads. */
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
  /** Loggers that packages offer, beside `metrics.jsonl` and TensorBoard's events. @default [] */
  loggers: z.array(loggerSchema).default([]),
  /** Absent: the fastest there is. */
  engine: z.enum(ENGINE_NAMES).optional(),
});
export type ConfigSections = z.output<typeof configSchema>;
