import { expect, test } from 'vitest';
import { floatValues, integerValues } from './narrow-tensor.js';

const tensor = <D>(dtype: string, data: D) => ({ name: 'w', dtype, shape: [3], data }) as never;

test('doubles are rounded to the nearest float, and refused beyond its range', () => {
  expect(floatValues(tensor('F64', Float64Array.of(0.1, -Infinity, NaN)))).toEqual(
    Float32Array.of(0.1, -Infinity, NaN),
  );
  expect(() => floatValues(tensor('F64', Float64Array.of(0, 3.5e38)))).toThrow(
    'Tensor "w" (F64) holds 3.5e+38 at index 1, which a 32-bit float cannot hold.',
  );
});

test('integers become floats only where exact', () => {
  expect(floatValues(tensor('I64', BigInt64Array.of(-16777216n, 3n)))).toEqual(Float32Array.of(-16777216, 3));
  expect(floatValues(tensor('BOOL', Uint8Array.of(0, 1)))).toEqual(Float32Array.of(0, 1));
  expect(() => floatValues(tensor('I64', BigInt64Array.of(16777217n)))).toThrow('16777217 at index 0');
});

test('wide integers become int32 only inside its range', () => {
  expect(integerValues(tensor('I64', BigInt64Array.of(-(2n ** 31n), 2n ** 31n - 1n)))).toEqual(
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
  );
  expect(integerValues(tensor('U8', Uint8Array.of(255)))).toEqual(Int32Array.of(255));
  for (const value of [-(2n ** 31n) - 1n, 2n ** 31n, 2n ** 63n - 1n])
    expect(() => integerValues(tensor('I64', BigInt64Array.of(value)))).toThrow(`${value} at index 0`);
  expect(() => integerValues(tensor('F32', Float32Array.of(1)))).toThrow('holds F32, where integers');
});
