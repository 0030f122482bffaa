import { createInterface } from 'node:readline';
import type { Terminal } from '../command/terminal.js';
import type { InputHistory } from './input-history.js';
import type { LineEditor } from './line-editor.js';

/** A line editor on a terminal, with the keys of readline, earlier lines, and commands completed by Tab. */
export async function terminalEditor(
  terminal: Terminal,
  history: InputHistory,
  commands: readonly string[],
): Promise<LineEditor> {
  const lines = createInterface({
    input: terminal.stdin as unknown as NodeJS.ReadableStream,
    output: terminal.stdout as unknown as NodeJS.WritableStream,
    terminal: true,
    history: [...(await history.read())],
    historySize: history.size,
    removeHistoryDuplicates: true,
    completer: (line: string) => [commands.filter((name) => line !== '' && name.startsWith(line)), line],
  });
  // Several lines may arrive at once, pasted or typed while an answer comes.
  const waiting: string[] = [];
  let hand: ((line: string | undefined) => void) | undefined;
  let closed = false;
  lines.on('history', (entries: string[]) => void history.write(entries));
  lines.on('line', (line) => {
    if (hand) hand(line);
    else waiting.push(line);
    hand = undefined;
  });
  lines.on('close', () => {
    closed = true;
    hand?.(undefined);
  });
  return {
    isInteractive: true,
    read(prompt) {
      const line = waiting.shift();
      if (line !== undefined || closed) return Promise.resolve(line);
      lines.setPrompt(prompt);
      lines.prompt();
      return new Promise((resolve) => {
        hand = resolve;
      });
    },
    onInterrupt(listener) {
      lines.on('SIGINT', () => {
        listener();
        if (hand === undefined || closed) return;
        lines.write(null, { ctrl: true, name: 'e' });
        lines.write(null, { ctrl: true, name: 'u' });
        lines.prompt();
      });
    },
    close: () => lines.close(),
  };
}
