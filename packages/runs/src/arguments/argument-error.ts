import { EimError } from '@eim/contracts';

/** A mistake in what was asked for: on a command line, or in an option of a function. */
export function argumentError(message: string, advice: string): EimError {
  return new EimError({ code: 'invalid-argument', message, advice });
}
