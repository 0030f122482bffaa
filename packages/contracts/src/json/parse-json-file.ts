import { EimError } from '../errors.js';
import { decodeText } from './decode-text.js';
import { JsonSyntaxError } from './json-syntax-error.js';
import { parseJson } from './parse-json.js';

/** The contents of a file: its text, or its bytes in UTF-8, which suit large files better. */
export type SourceText = string | Uint8Array;

/**
 * The value of a JSON file, as Python's `json` reads it from the file's bytes: see {@link parseJson}. A byte order mark
 * is passed over.
 * @param file what to call it in messages: usually its path
 * @throws EimError `invalid-file` naming the file and the line: bytes that are not UTF-8, a mistake of syntax, or a
 * document that was cut off
 * @example
 * parseJsonFile('results.json', await readFile('results.json')); // [{ image_id: 42, caption: 'a cat' }]
 */
export function parseJsonFile(file: string, source: SourceText): unknown {
  const text = textOf(file, source);
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw syntaxFault(file, text, cause);
  }
}

/** The contents of a file as text, without a byte order mark. @throws EimError `invalid-file` for what is not UTF-8 */
export function textOf(file: string, source: SourceText): string {
  if (typeof source !== 'string') return decodeText(file, source);
  return source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
}

function syntaxFault(file: string, text: string, cause: JsonSyntaxError): EimError {
  const { isCutOff, line } = cause;
  const problem =
    text.trim() === ''
      ? 'the file is empty, not JSON'
      : isCutOff
        ? `the JSON ends in the middle, at line ${line}`
        : `line ${line} is not valid JSON: ${cause.message}`;
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${problem}.`,
    ...(isCutOff && { advice: 'The file was cut off, perhaps while it was copied: get it whole.' }),
    data: { file, line },
    cause,
  });
}
