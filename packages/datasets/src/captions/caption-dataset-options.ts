import * as z from 'zod';
import { fileOptions } from '../file-options.js';

/**
 * Options for reading captioned pictures. `path` is a caption file (COCO json, Karpathy json, or CSV / JSON lines with
 * `image` and `caption`), or a folder that holds one, usually `captions.json` beside `images/`.
 */
export const captionDatasetOptionsSchema = z.strictObject({
  ...fileOptions,
  /**
   * Questions to which the captions are answers: each picture is asked one of them, drawn by seed. Absent: an empty prompt, as
   * captioning has it.
   */
  prompts: z.array(z.string().min(1)).min(1).optional(),
  /** The split that Karpathy's `restval` belongs to. @default 'train' */
  restval: z.enum(['train', 'leave-out']).default('train'),
  /**
   * Another caption file, or a folder that holds one, whose splits the pictures of the same file names are in. Pictures that it
   * does not name keep their own split, or are left out where they have none. Absent: every picture has its own split.
   */
  splitsFrom: z.string().min(1).optional(),
  /**
   * A folder of further pictures of which nothing is said, folders in it included: they become the split `uncaptioned`, without
   * those that another split has. For the objective `words` with `pseudo`. Absent: there are none.
   */
  uncaptioned: z.string().min(1).optional(),
});

export type CaptionDatasetOptions = z.input<typeof captionDatasetOptionsSchema>;
export type CaptionSettings = z.output<typeof captionDatasetOptionsSchema>;
