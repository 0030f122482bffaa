import { bytesOf, JsonLists, JsonSyntaxError, parseJson, type SourceText, textOf } from '@eim/contracts/json';
import type { FaultList } from './fault-list.js';

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
export function* readItems(source: SourceText, file: string, faults: FaultList): Generator<FileItem> {
  if (!startsList(source)) return yield* readLines(source, file, faults);
  for (const [index, item] of new JsonLists(source, file).entries()!) {
    const where = `[${index}]`;
    const value = faults.record(item, where);
    if (value) yield { where, field: (name) => `${where}.${name}`, value };
  }
}

/** The objects of a text with one JSON object a line; blank lines are passed over. */
export function* readLines(source: SourceText, file: string, faults: FaultList): Generator<FileItem> {
  for (const [index, line] of textOf(file, source).split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `line ${index + 1}`;
    const value = parseLine(line, where, faults);
    if (value) yield { where, field: (name) => `${where}, ${name}`, value };
  }
}

function parseLine(line: string, where: string, faults: FaultList): Record<string, unknown> | undefined {
  try {
    return faults.record(parseJson(line), where);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    faults.add(where, `is not valid JSON (${cause.message})`);
    return undefined;
  }
}

/** Whether the first character that is no space opens a list. */
function startsList(source: SourceText): boolean {
  const first = bytesOf(source).find((byte) => byte > 0x20);
  return first !== undefined && String.fromCharCode(first) === '[';
}
