import { EimError } from '@eim/contracts';
import { JsonSyntaxError, parseJson, shownJson } from '@eim/contracts/json';
import type { Terminal } from './terminal.js';

const TEXTS = `echo '["a dog"]' | eim tokenize --tokenizer PATH`;

/**
 * The JSON array of strings that is piped into a command.
 * @throws EimError `invalid-data` naming what is wrong with it
 */
export async function readTexts(terminal: Terminal): Promise<string[]> {
  const texts = await readList(terminal, TEXTS);
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong < 0) return texts as string[];
  const found = shownJson(texts[wrong], 60);
  throw fault(`has ${found} at index ${wrong}, which is no string`, TEXTS);
}

/**
 * The JSON array that is piped into a command.
 * @param example a command that pipes one in, for messages
 * @throws EimError `invalid-data` naming what is wrong with it
 */
export async function readList(terminal: Terminal, example: string): Promise<unknown[]> {
  const decoder = new TextDecoder('utf-8');
  let input = '';
  for await (const chunk of terminal.stdin ?? []) {
    input += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  input += decoder.decode();
  let list: unknown;
  try {
    list = parseJson(input.replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw fault(input === '' ? 'is empty' : `is not valid JSON (${cause.message})`, example, cause);
  }
  if (Array.isArray(list)) return list;
  throw fault('is not an array', example);
}

function fault(what: string, example: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `Standard input ${what}.`,
    advice: `Pipe in a JSON array: ${example}.`,
    cause,
  });
}
