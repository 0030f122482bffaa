import * as z from 'zod';
import { fileOptions } from '../file-options.js';

/** The forms of question files that are known. */
export const QUESTION_FORMATS = ['llava', 'alpaca', 'chat', 'questions'] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];

/**
 * How an Alpaca instruction becomes a prompt.
 * - `alpaca`: with the published text around it; `none`: unchanged.
 * - `lavin`: as LaVIN trains it, `Instruction: ...` and `Response:`.
 * - `compat-lavin-demo`: as LaVIN's demo asks, whose `Responese:` no training has seen.
 * - `compat-llama-adapter-v2`: as LLaMA-Adapter V2's fine-tuning has it by mistake: the instruction is written as a tuple of
 *   Python's, `('Name three colours.',)`, and the text for an input surrounds it even where there is none.
 */
export const ALPACA_TEMPLATES = [
  'alpaca',
  'none',
  'lavin',
  'compat-lavin-demo',
  'compat-llama-adapter-v2',
] as const;
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
