import { spawn } from 'node:child_process';
import { EimError } from '@eim/contracts';

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Where the command is not there: how to get it. */
  readonly missing: string;
  /** What it does, for messages: `compiling the binding`. */
  readonly doing: string;
  /** Where it fails: what to try. */
  readonly advice: string;
}

const TAIL = 4000;

/**
 * Runs a program to its end. @returns what it wrote on standard output
 * @throws EimError with the program's last words where it is missing, fails, or is stopped
 */
export async function runTool(run: ToolRun): Promise<string> {
  const { command, args, signal } = run;
  let out = '';
  let tail = '';
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: run.cwd,
      env: run.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    child.stdout.on('data', (data) => {
      out += data;
      tail = (tail + data).slice(-TAIL);
    });
    child.stderr.on('data', (data) => {
      tail = (tail + data).slice(-TAIL);
    });
    child.on('error', reject);
    child.on('close', resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    throw startFailure(run, cause);
  });
  if (signal?.aborted) throw interrupted();
  if (code === 0) return out;
  throw failure(run, code, tail);
}

function startFailure(run: ToolRun, cause: NodeJS.ErrnoException): EimError {
  if (run.signal?.aborted) return interrupted();
  const absent = cause.code === 'ENOENT' || cause.code === 'EACCES';
  return new EimError({
    code: 'engine-unavailable',
    message: absent
      ? `'${run.command}', which is needed for ${run.doing}, is not there.`
      : `'${run.command}' cannot be run for ${run.doing} (${cause.message}).`,
    advice: `${run.missing} The wasm engine works without it.`,
    data: { command: run.command },
    cause,
  });
}

function failure(run: ToolRun, exitCode: number | null, tail: string): EimError {
  const words = tail.trim().split('\n').slice(-12).join('\n');
  if (/No space left on device|ENOSPC|Disk quota exceeded/i.test(tail)) {
    return new EimError({
      code: 'storage-failed',
      message: `The disk is full: ${run.doing} failed.`,
      advice: 'Free some space, or name another folder in EIM_ENGINES.',
      data: { command: run.command, words },
    });
  }
  return new EimError({
    code: 'engine-unavailable',
    message: `${run.doing[0]!.toUpperCase()}${run.doing.slice(1)} failed ('${run.command}' ended with ${exitCode ?? 'a signal'}):\n${words}\n`,
    advice: `${run.advice} The wasm engine works without it.`,
    data: { command: run.command, exitCode },
  });
}

function interrupted(): EimError {
  return new EimError({ code: 'interrupted', message: 'Stopped. Nothing was installed.' });
}
