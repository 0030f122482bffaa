import { expect, test } from 'vitest';
import fixture from './__fixtures__/safetensors.json' with { type: 'json' };
import { bfloatsToFloats, floatsToBfloats, floatsToHalves, halvesToFloats } from './half.js';

const { floatBits, halfBits, bfloatBits } = fixture.narrowing;
const floats = new Float32Array(Uint32Array.from(floatBits).buffer);
const everyPattern = Uint16Array.from({ length: 0x10000 }, (_, pattern) => pattern);
const isNaNPattern = (pattern: number, infinity: number) => (pattern & 0x7fff) > infinity;

test('narrows to half as NumPy does', () => {
  expect([...floatsToHalves(floats)]).toEqual(halfBits);
});

test('narrows to bfloat as PyTorch does', () => {
  expect([...floatsToBfloats(floats)]).toEqual(bfloatBits);
});

test('every half and bfloat survives widening and narrowing', () => {
  const halves = floatsToHalves(halvesToFloats(everyPattern));
  const bfloats = floatsToBfloats(bfloatsToFloats(everyPattern));
  for (const pattern of everyPattern) {
    if (isNaNPattern(pattern, 0x7c00)) expect(isNaNPattern(halves[pattern]!, 0x7c00)).toBe(true);
    else if (halves[pattern] !== pattern) expect.fail(`half ${pattern} became ${halves[pattern]}`);
    if (isNaNPattern(pattern, 0x7f80)) expect(isNaNPattern(bfloats[pattern]!, 0x7f80)).toBe(true);
    else if (bfloats[pattern] !== pattern) expect.fail(`bfloat ${pattern} became ${bfloats[pattern]}`);
  }
});
