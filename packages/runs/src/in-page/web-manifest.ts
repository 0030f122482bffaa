import { EimError } from '@eim/contracts';
import { z } from 'zod';

/** The file of an exported folder that says what is in it. */
export const WEB_MANIFEST_FILE = 'export.json';

const fileSchema = z.strictObject({
  /** Bytes. */
  size: z.int().min(0),
  /** Files of the folder that make it up, in order. */
  shards: z.array(
    z.strictObject({
      path: z.string().regex(/^[\w./-]+$/),
      size: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

const settingsSchema = z.record(z.string(), z.unknown());

/** Published weights: what stands beside their tensors, which files hold these, and the LoRA that they are read with. */
const weightsSchema = z.strictObject({
  /** Before the names of the files. */
  folder: z.string(),
  weightFiles: z.array(z.string()).min(1),
  files: z.array(z.string()),
  /** Absent: the file's own. */
  config: settingsSchema.optional(),
  generationConfig: settingsSchema.optional(),
  preprocessorConfig: settingsSchema.optional(),
  adapter: z.strictObject({ config: settingsSchema, file: z.string() }).optional(),
});

const chatSchema = z.strictObject({
  templates: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.unknown()),
  origin: z.string(),
});

const contentsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    /** Folder of the saved model among the files. */
    model: z.string(),
    /** Published weights by the part that starts from them. */
    weights: z.record(z.string(), weightsSchema),
    /** How a picture without words is captioned. */
    captions: z.strictObject({ beams: z.int().min(1), maxNewTokens: z.int().min(1) }),
  }),
  z.strictObject({
    kind: z.literal('llm'),
    /** `@acme/package/entry` that loads it. */
    use: z.string(),
    preset: z.string().optional(),
    weights: weightsSchema,
    tokenizer: z.strictObject({
      file: z.string(),
      parseSpecialTokens: z.boolean(),
      specialTokens: z
        .strictObject({ begin: z.string().optional(), end: z.string(), pad: z.string().optional() })
        .optional(),
    }),
    /** Absent: texts are read as they are. */
    chat: chatSchema.optional(),
  }),
]);

/** Contents of `export.json`. */
export const webManifestSchema = z.strictObject({
  format: z.literal('eim-web'),
  formatVersion: z.literal(1),
  /** Changes with any of the files. */
  version: z.string(),
  /** What the page calls the model. */
  name: z.string(),
  /** Files of the page itself, which are there without the model. */
  page: z.array(z.string()),
  contents: contentsSchema,
  /** The model's files by name. */
  files: z.record(z.string(), fileSchema),
});

export type WebManifest = z.output<typeof webManifestSchema>;
export type WebContents = WebManifest['contents'];
export type WebFile = z.output<typeof fileSchema>;
export type WebWeights = z.output<typeof weightsSchema>;

/** @param address for messages @throws EimError `invalid-file` */
export function parseWebManifest(json: unknown, address: string): WebManifest {
  const result = webManifestSchema.safeParse(json);
  if (result.success) return result.data;
  throw new EimError({
    code: 'invalid-file',
    message: `${address} describes no exported model: ${z.prettifyError(result.error)}`,
    advice: 'Export the model again, and put all files of the folder on the host.',
    data: { file: address },
  });
}
