import { spawn } from 'node:child_process';
import { EimError, type EimErrorCode } from '@eim/contracts';

/**
 * Runs this command once more in a process of its own, as one process holds one TensorFlow, and returns the JSON
 * document that it prints. Its error becomes this process's.
 */
export async function runSelf(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const args = [...process.execArgv, process.argv[1]!, ...words, '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => {
    out += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    err += String(bytes);
  });
  const [code, by] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  }).catch((error: unknown) => {
    throw signal.aborted ? new EimError({ code: 'interrupted', message: 'Stopped.' }) : error;
  });
  if (out.trim() !== '') return JSON.parse(out);
  throw errorOf(err, code, by);
}

/** The error that a process of this command reported with `--json`. */
export function errorOf(err: string, code: number | null, by: NodeJS.Signals | null): Error {
  try {
    const { error } = JSON.parse(err.trim().split('\n').at(-1)!) as {
      error: { code: EimErrorCode | 'unexpected'; message: string; advice?: string; data?: object };
    };
    if (error.code === 'unexpected') return new Error(error.message);
    const { code: kind, message, advice, data } = error;
    return new EimError({
      code: kind,
      // The message that was printed ends with the advice.
      message: advice === undefined ? message : message.replace(` ${advice}`, ''),
      ...(advice !== undefined && { advice }),
      ...(data !== undefined && { data: { ...data } }),
    });
  } catch {
    const words = err.trim().split('\n').slice(-3).join('\n');
    return new EimError({
      code: 'engine-unavailable',
      message: `Its process ended with ${by ?? code}${words && `:\n${words}`}`,
    });
  }
}
