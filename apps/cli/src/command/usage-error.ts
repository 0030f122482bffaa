import { EimError } from '@eim/contracts';

/** A mistake on the command line itself. */
export function usageError(message: string, advice: string): EimError {
  return new EimError({ code: 'invalid-argument', message, advice });
}
