import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quantizeQ80 } from '../gguf/write/quantize-q80.js';
import { dynamicMap } from './dynamic-map.js';
import { NF4, NF4_BYTES, NF4_ELEMENTS } from './nf4-format.js';
import { Nf4Quantiser } from './quantise-nf4.js';
import { quantiseQ40 } from './quantise-q40.js';

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '__fixtures__/quantised.json'), 'utf8'));
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const floats = (text: string) => new Float32Array(bytes(text).buffer);
const small = floats(fixture.small.floats);

test('Q8_0 and Q4_0 are the bytes that gguf-py makes', () => {
  expect(Buffer.from(quantizeQ80(small)).toString('base64')).toBe(fixture.small.q8_0);
  expect(Buffer.from(quantiseQ40(small)).toString('base64')).toBe(fixture.small.q4_0);
});

test('the dynamic map is the one of bitsandbytes', () => {
  expect([...dynamicMap()]).toEqual([...floats(fixture.map)]);
});

/** Numbers in the order of the elements, and scales. */
function read(blocks: Uint8Array) {
  const view = new DataView(blocks.buffer);
  const count = blocks.length / NF4_BYTES;
  const scales = Array.from({ length: count }, (_, block) => view.getFloat32(block * NF4_BYTES, true));
  const numbers = Array.from({ length: count * NF4_ELEMENTS }, (_, index) => {
    const [block, place] = [Math.floor(index / NF4_ELEMENTS), index % NF4_ELEMENTS];
    const byte = blocks[block * NF4_BYTES + 4 + (place >> 5) * 16 + (place & 15)]!;
    return place & 16 ? byte >> 4 : byte & 15;
  });
  return { scales, numbers };
}

/** bitsandbytes puts the first of two numbers high. */
const packedNumbers = (text: string) => [...bytes(text)].flatMap((byte) => [byte >> 4, byte & 15]);

function expectScales(actual: readonly number[], expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected);
  // torch adds up their mean in an order of its own
  for (const [index, value] of expected.entries())
    expect(Math.abs(actual[index]! - value)).toBeLessThanOrEqual(3e-7 * largest);
}

test('NF4 with double quantisation has the numbers and scales of bitsandbytes', () => {
  const quantiser = new Nf4Quantiser(small.length);
  quantiser.add(small.subarray(0, 640));
  quantiser.add(small.subarray(640));
  const blocks = quantiser.finish();
  const { scales, numbers } = read(blocks);
  expect(numbers).toEqual(packedNumbers(fixture.small.nf4.packed));
  expectScales(scales, floats(fixture.small.nf4.scales));
  const values = new Float32Array(small.length);
  NF4.widen(blocks, values);
  const expected = floats(fixture.small.nf4.values);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [index, value] of values.entries())
    expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(3e-7 * largest);
});

test('several groups of scales, the last of them short', () => {
  const [rows, factors] = [floats(fixture.large.rows), floats(fixture.large.factors)];
  const quantiser = new Nf4Quantiser(rows.length * factors.length);
  for (const factor of factors) quantiser.add(rows.map((value) => value * factor));
  const { scales, numbers } = read(quantiser.finish());
  expect(numbers).toEqual(packedNumbers(fixture.large.nf4.packed));
  expectScales(scales, floats(fixture.large.nf4.scales));
});
