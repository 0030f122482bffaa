import { EimError } from '../errors.js';
import { JsonSyntaxError } from './json-syntax-error.js';
import { parseJson } from './parse-json.js';

export interface JsonLine {
  /** Counted from 1. */
  readonly line: number;
  readonly value: unknown;
}

/**
 * One JSON value a line; empty lines are passed over.
 * @throws EimError `invalid-file` naming the file and the line
 */
export function parseJsonLines(file: string, text: string): JsonLine[] {
  const lines: JsonLine[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    try {
      lines.push({ line: index + 1, value: parseJson(content) });
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      throw new EimError({
        code: 'invalid-file',
        message: `${file}: line ${index + 1} is not valid JSON: ${cause.message}.`,
        advice: 'Each line has to be one whole JSON object; a file that was cut off ends like this too.',
        data: { file, line: index + 1 },
        cause,
      });
    }
  }
  return lines;
}
