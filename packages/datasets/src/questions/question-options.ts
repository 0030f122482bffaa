import * as z from 'zod';
import { fileOptions } from '../file-options.js';

/** The forms of question files that are known. */
export const QUESTION_FORMATS = ['llava', 'alpaca', 'chat', 'questions'] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];

/** How an Alpaca instruction becomes a prompt: with the published text around it, or unchanged. */
export const ALPACA_TEMPLATES = ['alpaca', 'none'] as const;
export type AlpacaTemplate = (typeof ALPACA_TEMPLATES)[number];

/**
 * Options for reading questions. `path` is a file (a JSON list, or one JSON object a line), or a folder that holds
 * `train`, `val` and `test` files, or a single one.
 */
export const questionOptionsSchema = z.strictObject({
  ...fileOptions,
  /** Form of the file. Absent: recognised by its first row. */
  format: z.enum(QUESTION_FORMATS).optional(),
  /** The text around the instructions of Alpaca's form. @default 'alpaca' */
  template: z.enum(ALPACA_TEMPLATES).default('alpaca'),
});

export type QuestionOptions = z.input<typeof questionOptionsSchema>;
export type QuestionSettings = z.output<typeof questionOptionsSchema>;
