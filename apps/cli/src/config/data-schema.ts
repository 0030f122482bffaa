import { z } from 'zod';

/** The embedded generator of small scenes. */
export const scenesSchema = z.strictObject({
  use: z.literal('scenes'),
  /** @default 1 */
  seed: z.int().min(0).default(1),
  /** Pictures per split. */
  train: z.int().min(1).default(1200),
  val: z.int().min(1).default(120),
  test: z.int().min(1).default(240),
  /** Side of a picture in pixels. @default 32 */
  imageSize: z.int().min(16).max(512).default(32),
});

/** Captioned pictures of the user's own. */
export const captionsSchema = z.strictObject({
  use: z.literal('captions'),
  /**
   * A folder with `captions.json` and `images/`, or a caption file: COCO json, Karpathy json, or CSV / JSONL
   * with the columns `image` and `caption`. Relative to the config file; `${NAME}` and `${NAME:-default}`
   * stand for environment variables.
   */
  path: z.string().min(1),
  /** Folder that the file names in the caption file are relative to. Absent: beside it, or its `images/`. */
  images: z.string().min(1).optional(),
  /** Absent: recognised from the file. */
  format: z.enum(['coco', 'karpathy', 'csv', 'jsonl']).optional(),
  /** Pictures taken from the training split, by seed, where the file has no `val`. @default 0.1 */
  validationShare: z.number().gt(0).lt(1).default(0.1),
  /** The first pictures of each split alone, for a trial. Absent: all. */
  limit: z.int().min(1).optional(),
});

export const dataSchema = z.discriminatedUnion('use', [scenesSchema, captionsSchema]);
export type DataConfig = z.output<typeof dataSchema>;
