import { argumentError } from '@eim/runs/arguments';

/**
 * Token ids as `1,2,3`.
 * @throws EimError `invalid-argument` for anything else
 */
export function parseIds(text: string): number[] {
  const ids = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (ids.every(Number.isSafeInteger)) return ids;
  throw argumentError(`--ids takes token ids, got "${text}".`, 'Write them with commas: --ids 1,2,3.');
}
