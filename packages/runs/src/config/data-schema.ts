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
  /** Folder that the picture names start from. Absent: `images` beside the caption file, or its own folder. */
  images: z.string().min(1).optional(),
  /** What Karpathy's `restval` counts as. @default 'train' */
  restval: z.enum(['train', 'leave-out']).default('train'),
  /** Share of the training pictures that becomes `val` where the file has none; 0: none. @default 0.1 */
  validationShare: z.number().min(0).lt(1).default(0.1),
  /** Of that choice. @default 1 */
  seed: z.int().default(1),
  /** `stat` is quicker on large sets, and trusts size and time of change. @default 'content' */
  fingerprint: z.enum(['content', 'stat']).default('content'),
  /** @default 'error' */
  missingPictures: z.enum(['error', 'leave-out']).default('error'),
  /** Turn pictures as their EXIF orientation says. @default false */
  applyOrientation: z.boolean().default(false),
  /** The first pictures of each split alone, for a trial. Absent: all. */
  limit: z.int().min(1).optional(),
});
export type CaptionsConfig = z.output<typeof captionsSchema>;

export const dataSchema = z.discriminatedUnion('use', [scenesSchema, captionsSchema]);
export type DataConfig = z.output<typeof dataSchema>;
