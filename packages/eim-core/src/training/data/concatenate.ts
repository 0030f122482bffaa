/** The values of some arrays in one, in their order. */
export function concatenate(arrays: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const array of arrays) {
    whole.set(array, start);
    start += array.length;
  }
  return whole;
}
