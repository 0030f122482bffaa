/** Bits of a number but for its sign: each size of exponent leaves as many for the fraction as are over. */
const EXPONENTS = 7;

/**
 * The 256 numbers of the signed dynamic data type, in order (Dettmers 2015, "8-Bit Approximations for Parallelism in Deep Learning", as in
 * bitsandbytes' `create_dynamic_map`): for each power of ten from 1e-6 to 1 twice as many as for the one before, the middles of equal
 * parts of 0.1 to 1, of either sign; 0; and 1.
 */
export function dynamicMap(): Float32Array {
  const numbers = [0, 1];
  for (let exponent = 0; exponent < EXPONENTS; exponent++) {
    const power = Math.fround(10 ** (exponent - (EXPONENTS - 1)));
    for (const middle of middles(2 ** exponent)) numbers.push(power * middle, -power * middle);
  }
  return Float32Array.from(numbers).sort();
}

/** Middles of equal parts of 0.1 to 1, whose bounds are rounded to floats once, counted from the nearer end. */
function middles(count: number): number[] {
  const [start, step] = [Math.fround(0.1), Math.fround(Math.fround(1 - Math.fround(0.1)) / count)];
  const bound = (place: number): number =>
    Math.fround(place < Math.floor((count + 1) / 2) ? start + step * place : 1 - step * (count - place));
  return Array.from({ length: count }, (_, part) => Math.fround(bound(part) + bound(part + 1)) / 2);
}
