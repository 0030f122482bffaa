import { CONTRACT_VERSION, EimError } from '@eim/contracts';
import { imagePreprocessingSchema } from '@eim/images/options';
import { QUANTISE_FORMATS } from '@eim/weights';
import { z } from 'zod';
import { describeIssues } from '../plan/config-issues.js';

const fileName = z.string().regex(/^[\w.-]+$/);

/** Published weights that a part started from and that no segment changed, but for what `model.safetensors` holds of it. */
const keptWeightsSchema = z.strictObject({
  /** `copy`: in this folder, in the form they came in. `reference`: where they lay. */
  kept: z.enum(['copy', 'reference']),
  /** Path of the copy, relative to this folder; or an absolute path. */
  path: z.string().min(1),
  /** SHA-256 by file, relative to `path`; empty name where `path` is one file. Checked when they are read. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type KeptWeights = z.output<typeof keptWeightsSchema>;

const partSchema = z.strictObject({
  /** `@acme/package/entry` */
  use: z.string().min(1),
  preset: z.string().optional(),
  /** Options with every default filled in, so that a later change of a default changes no saved model. */
  options: z.unknown(),
  weights: keptWeightsSchema.optional(),
  /** The LoRA that they are read with. */
  adapter: keptWeightsSchema.optional(),
  /** What matrices of the published weights are quantised to when they are read. */
  quantise: z.enum(QUANTISE_FORMATS).optional(),
});
export type SavedPart = z.output<typeof partSchema>;

/** Contents of `model.json`: all that building the model again needs besides its weights. */
export const modelDescriptionSchema = z.strictObject({
  format: z.literal('eim-model'),
  formatVersion: z.literal(1),
  contractVersion: z.int(),
  parts: z.strictObject({ encoder: partSchema, st: partSchema, llm: partSchema }),
  /** The preprocessing that the encoder stated when it was saved. A package that now states another one is refused. */
  preprocessing: imagePreprocessingSchema,
  /** File name in the same folder. */
  weights: fileName,
  /** File name in the same folder; null where the LLM has no tokenizer. */
  tokenizer: fileName.nullable(),
  /** Hash of parts, preprocessing, tokenizer, and names and shapes of the weights; the weights file has it too. */
  structure: z.string(),
});
export type ModelDescription = z.output<typeof modelDescriptionSchema>;

/**
 * Reads the contents of `model.json`.
 * @param file name of the file, for messages
 * @throws EimError `invalid-file` with all mistakes; `contract-mismatch` where another contract version wrote it
 * @example
 * const { parts } = parseModelDescription(await readFile('model/model.json', 'utf8'), 'model/model.json');
 * console.log(parts.encoder.use);
 */
export function parseModelDescription(text: string, file: string): ModelDescription {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const message = `${file} is not JSON: ${(cause as Error).message}.`;
    throw new EimError({ code: 'invalid-file', message, data: { file }, cause });
  }
  const result = modelDescriptionSchema.safeParse(json);
  if (!result.success) {
    const issues = describeIssues(result.error.issues);
    const lines = issues.map(({ path, message }) => `  ${path}: ${message}`).join('\n');
    const message = `${file} does not describe a model:\n${lines}`;
    throw new EimError({ code: 'invalid-file', message, data: { file, issues } });
  }
  const { contractVersion } = result.data;
  if (contractVersion !== CONTRACT_VERSION) {
    throw new EimError({
      code: 'contract-mismatch',
      message: `${file} was written with contract version ${contractVersion}; @eim/core here has version ${CONTRACT_VERSION}.`,
      data: { file, contractVersion, expected: CONTRACT_VERSION },
    });
  }
  return result.data;
}
