import { EimError } from '@eim/contracts';

/**
 * A path from an archive or a server's list, if it stays inside the folder that it is put into, on every system.
 * @throws EimError `invalid-file` otherwise
 */
export function safePath(path: string, from: string): string {
  const steps = path.split('/');
  const isSafe =
    !/[\\:\0]/.test(path) &&
    steps.every((step) => step !== '' && step !== '.' && step !== '..') &&
    steps.length > 0;
  if (isSafe) return path;
  throw new EimError({
    code: 'invalid-file',
    message: `${from} holds a file called ${JSON.stringify(path)}, which leads out of its folder.`,
    advice: 'Do not use it; tell whoever published it.',
    data: { path },
  });
}
