import { EimError } from '@eim/contracts';
import { decodeText } from './decode-text.js';
import { findDuplicateKey } from './find-duplicate-key.js';
import type { NamedJson } from './json-fields.js';

/**
 * A JSON document in UTF-8.
 * @param file what to call it in messages: usually its path
 * @throws EimError `invalid-file` naming the file and the line: bytes that are not UTF-8, a mistake of syntax,
 * a document that was cut off, or one name twice in an object (`JSON.parse` would drop the first silently)
 */
export function parseJsonFile(file: string, bytes: Uint8Array): NamedJson {
  const text = decodeText(file, bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw syntaxFault(file, text, cause as Error);
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate) {
    const { key, line, firstLine } = duplicate;
    throw new EimError({
      code: 'invalid-file',
      message: `${file}: line ${line} has ${JSON.stringify(key)} a second time in one object, after line ${firstLine}.`,
      advice: 'Keep one of the two.',
      data: { file, line, key },
    });
  }
  return { file, json };
}

function syntaxFault(file: string, text: string, cause: Error): EimError {
  const cutOff = endsInTheMiddle(text.trimEnd(), cause);
  const position = positionOf(cause) ?? firstFault(text);
  const line = lineAt(text, cutOff ? text.length : position);
  const problem =
    text.trim() === ''
      ? 'the file is empty, not JSON'
      : cutOff
        ? `the JSON ends in the middle, at line ${line}`
        : `line ${line} is not valid JSON: ${cause.message}`;
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${problem}.`,
    ...(cutOff && { advice: 'The file was cut off, perhaps while it was copied: get it whole.' }),
    data: { file, line },
    cause,
  });
}

/** Not every message of V8 has it. */
function positionOf({ message }: Error): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

/** Whether the text is JSON as far as it goes. @param cause what parsing it threw */
function endsInTheMiddle(text: string, cause: Error): boolean {
  return /unterminated|end of json/i.test(cause.message) || (positionOf(cause) ?? -1) >= text.length;
}

/** Where the first character is that no JSON has after what stands before it, by halving. */
function firstFault(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const start = text.slice(0, middle);
    if (mayGoOn(start)) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (cause) {
    return endsInTheMiddle(start, cause as Error);
  }
}

/** Counted from 1. */
function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
