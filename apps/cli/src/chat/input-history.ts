import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '@eim/engine/node';
import { writeFileAtomically } from '@eim/weights/node';
import type { Terminal } from '../command/terminal.js';

/** Lines typed in earlier chats, newest first. */
export interface InputHistory {
  /** The greatest number of lines kept. */
  readonly size: number;
  read(): Promise<readonly string[]>;
  write(lines: readonly string[]): Promise<void>;
}

const SIZE = 500;

/**
 * The history in `chat-history` of the cache folder, one line each.
 * @param onFault receives once why it cannot be kept; a chat goes on without
 */
export function inputHistory(
  environment: Terminal['environment'],
  onFault: (message: string) => void,
): InputHistory {
  const file = join(cacheFolder(environment), 'chat-history');
  let writing: Promise<void> = Promise.resolve();
  let failed = false;
  const save = async (lines: readonly string[]) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomically(file, lines.map((line) => `${line}\n`).join(''));
  };
  return {
    size: SIZE,
    async read() {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, SIZE);
    },
    write(lines) {
      const kept = lines.slice(0, SIZE);
      writing = writing
        .then(() => save(kept))
        .catch((error: Error) => {
          if (!failed) onFault(`The lines typed are not kept for the next chat: ${error.message}`);
          failed = true;
        });
      return writing;
    },
  };
}
