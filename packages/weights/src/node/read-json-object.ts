import { EimError } from '@eim/contracts';
import { PYTHON_RULES, parseJson } from '@eim/contracts/json';
import { openFile } from './open-file.js';

/** Far more than any description of a model; a longer file is something else. */
const MAXIMUM_BYTES = 16 * 2 ** 20;

/** A JSON file that holds an object, as Python reads it. @throws EimError `missing-file` or `invalid-file` naming the file and the fault */
export async function readJsonObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = await openFile(path);
  try {
    if (file.size > MAXIMUM_BYTES) throw fault(path, `it has ${file.size} bytes, too many for a description`);
    return parse(new TextDecoder().decode(await file.read(0, file.size)), path);
  } finally {
    await file.close();
  }
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    // a description has no integer that a number cannot hold
    value = parseJson(text, { ...PYTHON_RULES, number: Number });
  } catch (cause) {
    throw fault(path, `it is not valid JSON (${(cause as Error).message})`, cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw fault(path, 'it does not hold an object');
}

const fault = (path: string, reason: string, cause?: unknown): EimError =>
  new EimError({ code: 'invalid-file', message: `${path}: ${reason}.`, data: { file: path }, cause });
