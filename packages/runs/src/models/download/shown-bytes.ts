const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/**
 * A number of bytes for people, in powers of 1000.
 * @example
 * shownBytes(98_362_432); // '98.4 MB'
 */
export function shownBytes(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return bytes < 1000 ? `${bytes} bytes` : `${value.toFixed(1)} ${UNITS[unit]}`;
}
