import * as z from 'zod';
import { fileOptions } from '../file-options.js';

/** The forms in which files of questions are known. */
export const QUESTION_FORMATS = ['llava', 'alpaca', 'chat', 'questions'] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];

/** How an Alpaca instruction becomes a prompt: by the published text around it, or as it is. */
export const ALPACA_TEMPLATES = ['alpaca', 'none'] as const;
export type AlpacaTemplate = (typeof ALPACA_TEMPLATES)[number];

/**
 * What questions are read with. `path` is a file (a JSON list, or one JSON object a line), or a folder that holds
 * `train`, `val` and `test` files, or a single one.
 */
export const questionOptionsSchema = z.strictObject({
  ...fileOptions,
  /** Form of the file. Absent: told from its first row. */
  format: z.enum(QUESTION_FORMATS).optional(),
  /** What stands around the instructions of Alpaca's form. @default 'alpaca' */
  template: z.enum(ALPACA_TEMPLATES).default('alpaca'),
});

export type QuestionOptions = z.input<typeof questionOptionsSchema>;
export type QuestionSettings = z.output<typeof questionOptionsSchema>;
