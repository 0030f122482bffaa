import { describe, expect, test } from 'vitest';
import { checkProducts } from './check-products.js';
import { compileKernels } from './compile-kernels.js';
import { KERNEL_BINARIES } from './kernel-binaries.js';
import { shareMemory } from './share-memory.js';

const decoded = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

describe('the kernel module', () => {
  test('compiles the fastest build that Node has, flag or not', async () => {
    const { arithmetic } = await compileKernels(false);
    expect(arithmetic).toMatch(/^relaxed/);
  });

  test.each(['relaxed', 'plain'] as const)('the build %s multiplies rightly', async (build) => {
    await compileKernels(false);
    const module = await WebAssembly.compile(shareMemory(decoded(KERNEL_BINARIES[build]), false));
    const { right, fused } = checkProducts(module);
    expect(right).toBe(true);
    if (build === 'plain') expect(fused).toBe(false);
  });

  test('the check refuses a build that multiplies wrongly', async () => {
    // f32x4.sub (fd e5 01) in place of f32x4.add (fd e4 01).
    const binary = shareMemory(decoded(KERNEL_BINARIES.plain), false);
    for (let place = 0; place + 2 < binary.length; place++) {
      if (binary[place] === 0xfd && binary[place + 1] === 0xe4 && binary[place + 2] === 1) {
        binary[place + 1] = 0xe5;
      }
    }
    expect(checkProducts(await WebAssembly.compile(binary)).right).toBe(false);
  });

  test('the check refuses a build whose products of bytes are wrong', async () => {
    await compileKernels(false);
    const binary = shareMemory(decoded(KERNEL_BINARIES.relaxed), false);
    // i16x8.relaxed_dot_i8x16_i7x16_s (fd 92 02) becomes i16x8.min_s (fd 96 01), two bytes long as well.
    let changed = 0;
    for (let place = 0; place + 2 < binary.length; place++) {
      if (binary[place] !== 0xfd || binary[place + 1] !== 0x92 || binary[place + 2] !== 2) continue;
      binary[place + 1] = 0x96;
      binary[place + 2] = 1;
      changed++;
    }
    expect(changed).toBeGreaterThan(0);
    expect(checkProducts(await WebAssembly.compile(binary)).right).toBe(false);
  });

  test('a module without a memory, or with one that has no maximum, cannot be shared', () => {
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    expect(() => shareMemory(Uint8Array.from(header), true)).toThrow(RangeError);
    expect(() => shareMemory(Uint8Array.from([...header, 5, 3, 1, 0, 1]), true)).toThrow('can be shared');
    const shared = shareMemory(Uint8Array.from([...header, 5, 4, 1, 1, 1, 2]), true);
    expect([...shared].slice(8)).toEqual([5, 4, 1, 3, 1, 2]);
    expect(WebAssembly.validate(shared)).toBe(true);
  });
});
