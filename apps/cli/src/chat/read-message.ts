import type { LineEditor } from './line-editor.js';

const PROMPT = '> ';
const MORE = '. ';
const FENCE = '"""';

/**
 * The next message: one line; lines that each end with a backslash, and the one after them; or all lines between two of
 * three quotes. Undefined where there are no more; a message that the input ends within is whole.
 */
export async function readMessage(editor: LineEditor): Promise<string | undefined> {
  const first = await editor.read(PROMPT);
  if (first === undefined) return undefined;
  if (first.trim() === FENCE) return (await linesUntilFence(editor)).join('\n');
  const lines = [first];
  while (lines.at(-1)!.endsWith('\\')) {
    lines.push(lines.pop()!.slice(0, -1));
    const next = await editor.read(MORE);
    if (next === undefined) break;
    lines.push(next);
  }
  return lines.join('\n');
}

async function linesUntilFence(editor: LineEditor): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await editor.read(MORE);
    if (line === undefined || line.trim() === FENCE) return lines;
    lines.push(line);
  }
}
