import { EimError } from '@eim/contracts';
import { JsonSyntaxError, parseJson, shownJson } from '@eim/contracts/json';
import type { Terminal } from './terminal.js';

/**
 * The JSON array of strings that is piped into a command.
 * @throws EimError `invalid-data` naming what is wrong with it
 */
export async function readTexts(terminal: Terminal): Promise<string[]> {
  const decoder = new TextDecoder('utf-8');
  let input = '';
  for await (const chunk of terminal.stdin ?? []) {
    input += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  input += decoder.decode();
  let texts: unknown;
  try {
    texts = parseJson(input.replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw fault(input === '' ? 'is empty' : `is not valid JSON (${cause.message})`, cause);
  }
  if (!Array.isArray(texts)) throw fault('is not an array');
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0) throw fault(`has ${shownJson(texts[wrong], 60)} at index ${wrong}, which is no string`);
  return texts as string[];
}

function fault(what: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `Standard input ${what}.`,
    advice: `Pipe in a JSON array of strings: echo '["a dog"]' | eim tokenize --tokenizer PATH.`,
    cause,
  });
}
