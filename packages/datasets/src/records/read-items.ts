import type { FaultList } from './fault-list.js';
import { parseJson } from './parse-json.js';

/** One row of a file as parsed, and where it stands. */
export interface FileItem {
  /** The row, for messages: `[3]` or `line 4`. */
  readonly where: string;
  /** What joins the row and a field in messages: `[3].image`, `line 4, image`. */
  readonly field: (name: string) => string;
  readonly value: Record<string, unknown>;
}

/**
 * The objects of a JSON list, or of a text with one JSON object a line, whichever the text is. What is no object
 * becomes a fault.
 * @throws EimError `invalid-data` where a JSON list cannot be parsed
 */
export function* readItems(text: string, file: string, faults: FaultList): Generator<FileItem> {
  const content = text.replace(/^\ufeff/, '');
  if (!content.trimStart().startsWith('[')) return yield* readLines(content, faults);
  for (const [index, item] of faults.list(parseJson(content, file), 'the file').entries()) {
    const where = `[${index}]`;
    const value = faults.record(item, where);
    if (value) yield { where, field: (name) => `${where}.${name}`, value };
  }
}

/** The objects of a text with one JSON object a line; blank lines are passed over. */
export function* readLines(text: string, faults: FaultList): Generator<FileItem> {
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const where = `line ${index + 1}`;
    const value = parseLine(line, where, faults);
    if (value) yield { where, field: (name) => `${where}, ${name}`, value };
  }
}

function parseLine(line: string, where: string, faults: FaultList): Record<string, unknown> | undefined {
  try {
    return faults.record(JSON.parse(line), where);
  } catch (cause) {
    faults.add(where, `is not valid JSON (${(cause as Error).message})`);
    return undefined;
  }
}
