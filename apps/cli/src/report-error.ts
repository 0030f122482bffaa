import { EimError } from '@eim/contracts';
import type { Terminal } from './command/terminal.js';

/**
 * One message on standard error, without a stack unless EIM_DEBUG is set. With `json` the message is one
 * JSON document on the last line.
 */
export function reportError(error: unknown, terminal: Terminal, json: boolean): void {
  const debug = Boolean(terminal.environment.EIM_DEBUG);
  if (json) terminal.stderr.write(`${JSON.stringify({ error: errorDocument(error) })}\n`);
  else terminal.stderr.write(`${errorText(error, debug)}\n`);
  if (debug && error instanceof Error) terminal.stderr.write(`${stackWithCauses(error)}\n`);
}

function errorDocument(error: unknown) {
  if (EimError.isInstance(error)) {
    const { code, message, advice, data } = error;
    return { code, message, advice, data };
  }
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

function errorText(error: unknown, debug: boolean): string {
  if (EimError.isInstance(error))
    return error.code === 'interrupted' ? error.message : `eim: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  const hint = debug ? '' : ' Set EIM_DEBUG=1 to see where.';
  return `eim: an error that should not happen: ${message}${hint}`;
}

function stackWithCauses(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackWithCauses(error.cause)}` : stack;
}
