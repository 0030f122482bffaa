import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from './sha256.js';

/** Everything that a model's answer depends on. */
export interface ResponseKey {
  /** SHA-256 of the saved model and the engine's name. */
  readonly model: string;
  readonly prompt: string;
  /** SHA-256 of the picture's bytes; null without a picture. */
  readonly picture: string | null;
  /** How an item without a picture was asked. */
  readonly asked?: 'as text alone';
  readonly decoding: unknown;
}

/**
 * Earlier answers of one model, so that an evaluation that was stopped goes on where it was. Each answer is a line,
 * appended at once; a line that was cut off is skipped. Several processes may append.
 */
export class ResponseCache {
  readonly #file: string;
  readonly #texts: Map<string, string>;
  /** A line that was cut off must not swallow the next one. */
  #needsLineBreak: boolean;

  private constructor(file: string, texts: Map<string, string>, needsLineBreak: boolean) {
    this.#file = file;
    this.#texts = texts;
    this.#needsLineBreak = needsLineBreak;
  }

  static async open(file: string): Promise<ResponseCache> {
    await mkdir(dirname(file), { recursive: true });
    const contents = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const texts = new Map<string, string>();
    for (const line of contents.split('\n')) {
      const entry = parseLine(line);
      if (entry) texts.set(entry.key, entry.text);
    }
    return new ResponseCache(file, texts, contents !== '' && !contents.endsWith('\n'));
  }

  get(key: ResponseKey): string | undefined {
    return this.#texts.get(hashOf(key));
  }

  async add(entries: readonly { readonly key: ResponseKey; readonly text: string }[]): Promise<void> {
    const lines = entries.map(({ key, text }) => {
      const hash = hashOf(key);
      this.#texts.set(hash, text);
      return `${JSON.stringify({ key: hash, text })}\n`;
    });
    await appendFile(this.#file, (this.#needsLineBreak ? '\n' : '') + lines.join(''));
    this.#needsLineBreak = false;
  }
}

function hashOf({ model, prompt, picture, asked, decoding }: ResponseKey): string {
  return sha256(JSON.stringify([model, prompt, picture, decoding, ...(asked ? [asked] : [])]));
}

function parseLine(line: string): { key: string; text: string } | undefined {
  try {
    const entry = JSON.parse(line) as { key?: unknown; text?: unknown };
    if (typeof entry?.key === 'string' && typeof entry.text === 'string') {
      return { key: entry.key, text: entry.text };
    }
  } catch {
    // cut off while it was written
  }
  return undefined;
}
