import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const REPOSITORY = join(import.meta.dirname, '../../..');
const COMMAND = join(import.meta.dirname, '../bin/eim.mjs');

/** Shared data of the workplace; tests that need it say so when it is absent. */
export const SHARED_DATA = process.env.EIM_DATA ?? join(REPOSITORY, '../shared/data');

/** A folder that goes when the test file ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'eim-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the process and everything on standard error so far, whenever something arrives there. */
  readonly onStderr?: (child: ChildProcess, text: string) => void;
  /** Run by bash, with `"$@"` for the command. */
  readonly shell?: string;
}

/** Runs the built command as a user would, on the wasm engine. */
export function eim(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { folder = REPOSITORY, environment = {}, onStderr, shell } = options;
  const command = [process.execPath, COMMAND, ...words];
  const [program, ...rest] = shell === undefined ? command : ['bash', '-c', shell, 'bash', ...command];
  const child = spawn(program!, rest, {
    cwd: folder,
    env: {
      ...process.env,
      EIM_ENGINE: 'wasm',
      EIM_CACHE: join(tmpdir(), 'eim-cli-cache'),
      EIM_DATA: SHARED_DATA,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout!.on('data', (bytes) => {
    out += String(bytes);
  });
  child.stderr!.on('data', (bytes) => {
    err += String(bytes);
    onStderr?.(child, err);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}
