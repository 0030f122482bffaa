import { expect, test } from 'vitest';
import { bytesAsFloats, requireMemoryFor } from './memory-need.js';
import type { WeightFile } from './weight-file.js';

const shapes: Record<string, number[]> = { embedding: [32_000, 4096], layers: [6_607_343_616], scale: [] };
const file = {
  name: 'llama-7b.gguf',
  tensorNames: Object.keys(shapes),
  info: (name: string) => ({ name, shape: shapes[name], dtype: 'F32', encoding: 'Q4_0' }),
} as unknown as WeightFile;

test('what a model needs as floats is known from its header', () => {
  expect(bytesAsFloats(file)).toBe(4 * (32_000 * 4096 + 6_607_343_616 + 1));
  expect(() => requireMemoryFor(file, { names: ['embedding', 'scale'] })).not.toThrow();
  expect(() => requireMemoryFor(file, { machine: 2 ** 40 })).not.toThrow();
});

test('a model beyond the memory of a machine is refused by name', () => {
  expect(() => requireMemoryFor(file, { machine: 24 * 2 ** 30 })).toThrow(
    /^llama-7b\.gguf needs 25\.1 GiB as 32-bit floats, and this machine has 24\.0 GiB/,
  );
});

test('a model beyond the address space is refused by name', () => {
  expect(() => requireMemoryFor(file)).toThrow(
    /^llama-7b\.gguf needs 25\.1 GiB as 32-bit floats, and the wasm engine can address 4\.0 GiB/,
  );
});
