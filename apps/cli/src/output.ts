import type { Terminal } from './command/terminal.js';

/** A command's result: one JSON document with `--json`, else text for people. */
export function printResult(
  terminal: Terminal,
  json: boolean,
  { document, text }: { readonly document: unknown; readonly text: () => string },
): void {
  terminal.stdout.write(`${json ? JSON.stringify(document, undefined, 2) : text()}\n`);
}
