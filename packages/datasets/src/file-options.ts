import * as z from 'zod';

/** Options of every data set that is read from the user's own files. */
export const fileOptions = {
  /** A file of rows, or a folder that holds one. In a config, relative to the config file. */
  path: z.string().min(1),
  /** Folder that the picture names start from. Absent: `images` beside the file, or the file's own folder. */
  images: z.string().min(1).optional(),
  /** Share of the training rows that becomes `val` if there is no such split; 0 makes none. @default 0.1 */
  validationShare: z.number().min(0).lt(1).default(0.1),
  /** Seeds the choice of those rows. @default 1 */
  seed: z.int().default(1),
  /** `stat` is quicker on large sets, and trusts name, size and time of change. @default 'content' */
  fingerprint: z.enum(['content', 'stat']).default('content'),
  /** What happens to rows whose picture does not exist. @default 'error' */
  missingPictures: z.enum(['error', 'leave-out']).default('error'),
  /** Turn pictures as their EXIF orientation says. @default false */
  applyOrientation: z.boolean().default(false),
  /** Keep only so many rows of each split, for a trial. Absent: all. */
  limit: z.int().min(1).optional(),
};

const fileOptionsSchema = z.strictObject(fileOptions);
export type FileOptions = z.input<typeof fileOptionsSchema>;
export type FileSettings = z.output<typeof fileOptionsSchema>;
