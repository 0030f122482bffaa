import * as z from 'zod';
import { fileOptions } from '../file-options.js';

/**
 * What captioned pictures are read with. `path` is a caption file (COCO json, Karpathy json, or CSV / JSON lines with
 * `image` and `caption`), or a folder that holds one, usually `captions.json` beside `images/`.
 */
export const captionDatasetOptionsSchema = z.strictObject({
  ...fileOptions,
  /** What Karpathy's `restval` counts as. @default 'train' */
  restval: z.enum(['train', 'leave-out']).default('train'),
});

export type CaptionDatasetOptions = z.input<typeof captionDatasetOptionsSchema>;
export type CaptionSettings = z.output<typeof captionDatasetOptionsSchema>;
