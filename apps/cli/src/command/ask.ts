import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.js';

/** Whether a person sits in front of the terminal, who can be asked. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin?.isTTY === true && stderr.isTTY === true;
}

/** Asks a person; everything but yes is no. Ctrl-C is no, too. */
export async function askYesOrNo(
  question: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const input = terminal.stdin as unknown as NodeJS.ReadableStream;
  const lines = createInterface({ input });
  try {
    terminal.stderr.write(`${question} [y/N] `);
    return /^y(es)?$/i.test((await lines.question('', { signal })).trim());
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    lines.close();
  }
}
