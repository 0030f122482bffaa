import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GgufReader } from './gguf-reader.js';

function textOf(bytes: Uint8Array): string {
  const stored = new Uint8Array(8 + bytes.length);
  new DataView(stored.buffer).setBigUint64(0, BigInt(bytes.length), true);
  stored.set(bytes, 8);
  return new GgufReader(stored).text();
}
const decoded = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

test('texts of any signs and of any bytes are those of a decoder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(textOf(new TextEncoder().encode(text))).toBe(decoded(new TextEncoder().encode(text)));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(textOf(bytes)).toBe(decoded(bytes));
    }),
  );
});

test('every pair of bytes', () => {
  for (let pair = 0; pair < 65_536; pair++) {
    const bytes = Uint8Array.of(pair >> 8, pair & 255);
    if (textOf(bytes) !== decoded(bytes)) throw new Error(`${bytes}`);
  }
});

test('numbers of 64 bits are those that a number can hold nearest', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const stored = new Uint8Array(8);
      new DataView(stored.buffer).setBigUint64(0, value, true);
      expect(new GgufReader(stored).uint64()).toBe(Number(value));
    }),
  );
});
