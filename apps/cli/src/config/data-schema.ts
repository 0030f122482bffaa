import { sceneOptionsSchema } from '@eim/datasets';
import { z } from 'zod';

/** The embedded generator of small scenes. */
const scenesSchema = sceneOptionsSchema.extend({ use: z.literal('scenes') });

/** Captioned pictures of the user's own. */
const captionsSchema = z.strictObject({
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
