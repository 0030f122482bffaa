import { EimError } from '@eim/contracts';

/** @throws EimError `contract-mismatch` unless the condition holds */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new EimError({ code: 'contract-mismatch', message: `${message}.` });
}

/** Same shape, by numbers. */
export function demandShape(actual: readonly number[], expected: readonly number[], what: string): void {
  demand(String(actual) === String(expected), `${what} is [${actual}] and should be [${expected}]`);
}

/**
 * Element by element, within `tolerance` of the greatest magnitude expected (at least 1).
 * @param tolerance 0 demands equal bits
 */
export function demandClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  demand(
    actual.length === expected.length,
    `${what}: ${actual.length} numbers instead of ${expected.length}`,
  );
  const scale = Array.from(expected).reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 1);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    // Written so that NaN fails.
    demand(
      difference <= tolerance * scale,
      `${what}: number ${index} is ${actual[index]} and should be ${expected[index]}`,
    );
  }
}
