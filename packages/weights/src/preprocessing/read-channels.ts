import type { ImagePreprocessing } from '@eim/contracts';
import type { ConfigReader } from '../mapping/config-reader.js';

/**
 * A value for each of red, green and blue, where one number stands for all three.
 * @param use a `divisor` must not be 0
 */
export function readChannels(
  reader: ConfigReader,
  field: string,
  value: unknown,
  preset: ImagePreprocessing['mean'],
  use: 'divisor' | 'any' = 'any',
): ImagePreprocessing['mean'] {
  if (value === undefined || value === null) return preset;
  const list = typeof value === 'number' ? [value, value, value] : value;
  const isSound = (part: unknown) => Number.isFinite(part) && (use === 'any' || part !== 0);
  if (Array.isArray(list) && list.length === 3 && list.every(isSound))
    return list as unknown as ImagePreprocessing['mean'];
  const wanted = use === 'any' ? 'a number or three' : 'a number or three, none of them 0';
  reader.fault(`${field} is ${JSON.stringify(value)}, not ${wanted}`);
  return preset;
}
