const TWO_TO_MINUS_24 = 2 ** -24;

/**
 * Fills an array with draws from [0, 1), 24 bits each, by sfc32 (Doty-Humphrey, PractRand) from a seed of four
 * words: one inlined loop, since a call a value would cost more than the tensor's other arithmetic.
 */
export function fillUniform(values: Float32Array, a: number, b: number, c: number, counter: number): void {
  let [x, y, z, w] = [a | 0, b | 0, c | 0, counter | 0];
  // The first draws still show the seed.
  for (let index = -12; index < values.length; index++) {
    const sum = (((x + y) | 0) + w) | 0;
    w = (w + 1) | 0;
    x = y ^ (y >>> 9);
    y = (z + (z << 3)) | 0;
    z = (((z << 21) | (z >>> 11)) + sum) | 0;
    if (index >= 0) values[index] = (sum >>> 8) * TWO_TO_MINUS_24;
  }
}
