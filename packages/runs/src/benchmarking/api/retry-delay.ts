/** Milliseconds that a server asks for by `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const FIRST = 500;
const LONGEST = 30_000;

/**
 * Milliseconds before another try where the server does not say: twice as long each time, and by chance up to a half less, so that requests
 * that failed together do not come together.
 * @param attempt 0 after the first try
 */
export const backOff = (attempt: number, chance: number = Math.random()): number =>
  Math.min(LONGEST, FIRST * 2 ** attempt) * (1 - chance / 2);
