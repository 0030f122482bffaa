import { EimError } from '@eim/contracts';

export const EXIT_FAILED = 1;
export const EXIT_USER_MISTAKE = 2;
/** The code that shells report for a process ended by SIGINT (128 + 2). */
export const EXIT_INTERRUPTED = 130;

export function exitCodeOf(error: unknown): number {
  if (!EimError.isInstance(error)) return EXIT_FAILED;
  if (error.code === 'interrupted') return EXIT_INTERRUPTED;
  return error.isUserMistake ? EXIT_USER_MISTAKE : EXIT_FAILED;
}
