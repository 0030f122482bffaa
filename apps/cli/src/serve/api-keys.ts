import type { Environment } from '@eim/runs';
import { argumentError } from '@eim/runs/arguments';

/**
 * The keys of EIM_API_KEYS, with commas between them, and those of a file, one a line; lines that begin with # say nothing.
 * @throws EimError `invalid-argument` for a file without a key, which would let everybody in, and for a key that no header can bring
 */
export function apiKeysOf(environment: Environment, file: string | undefined): string[] {
  const lines = (file ?? '').split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#'));
  const keys = [...(environment.EIM_API_KEYS ?? '').split(','), ...lines]
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (file !== undefined && lines.every((line) => line.trim() === '')) {
    throw argumentError(
      'The file of --api-keys holds no key.',
      'Write one key a line, or leave the option out.',
    );
  }
  const odd = keys.findIndex((key) => !/^[\x21-\x7e]+$/.test(key));
  if (odd >= 0) {
    throw argumentError(
      `API key ${odd + 1} of ${keys.length} has characters that a header cannot bring.`,
      'Use letters, digits and marks of ASCII, without spaces.',
    );
  }
  return keys;
}
