import type { Terminal } from '../command/terminal.js';
import type { LineEditor } from './line-editor.js';

/** Lines of a pipe. With `whole` all of it is one line, line ends included. */
export function pipedEditor(stdin: Terminal['stdin'], { whole }: { readonly whole: boolean }): LineEditor {
  const lines = linesOf(stdin, whole);
  let end: () => void = () => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  return {
    isInteractive: false,
    read: async () => await Promise.race([lines.next().then(({ value }) => value ?? undefined), ended]),
    onInterrupt: () => {},
    close() {
      end();
      // A pipe that stays open would keep the process waiting.
      (stdin as { destroy?: () => void } | undefined)?.destroy?.();
    },
  };
}

async function* linesOf(stdin: Terminal['stdin'], whole: boolean): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8'); // leaves out a byte order mark
  let rest = '';
  for await (const chunk of stdin ?? []) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (whole) continue;
    const lines = rest.split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
  }
  rest += decoder.decode();
  if (whole) rest = rest.replace(/\r?\n$/, '');
  if (rest !== '') yield rest;
}
