import { argumentError } from '../../arguments/argument-error.js';
import type { Environment } from '../../context.js';

/**
 * The key that an environment variable holds.
 * @throws EimError `invalid-argument` where it holds none, or what no header can bring
 */
export function apiKey(environment: Environment, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const key = environment[name]?.trim() ?? '';
  if (key === '') {
    throw argumentError(
      `--api-key-env names ${name}, which is not set.`,
      'Give the name of the variable, not the key itself, and export it.',
    );
  }
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw argumentError(`The key in ${name} has characters that a header cannot bring.`, 'Set it anew.');
}
