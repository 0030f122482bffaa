import { parse } from 'yaml';
import { argumentError } from '../arguments/argument-error.js';

/** `training.seed=3`, as typed. */
export interface Override {
  readonly text: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Reads `dotted.path=value`; the value is YAML, and a whole number in the path is an index into a list.
 * @throws EimError `invalid-argument`
 */
export function parseOverride(text: string): Override {
  const at = text.indexOf('=');
  const steps = text.slice(0, Math.max(at, 0)).split('.');
  if (at < 1 || steps.some((step) => step === '')) {
    throw argumentError(`"${text}" is not an override.`, 'Write key=value, as training.seed=3.');
  }
  const path = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  try {
    return { text, path, value: parse(text.slice(at + 1)) };
  } catch {
    throw argumentError(
      `The value in "${text}" is not valid YAML.`,
      `Put it in quotes: '${steps.join('.')}="..."'.`,
    );
  }
}
