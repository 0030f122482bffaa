import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementCount } from './dtype.js';
import gguf from './gguf/__fixtures__/gguf.json' with { type: 'json' };
import { openWeightFile } from './open-weight-file.js';
import checkpoints from './pytorch/__fixtures__/checkpoints.json' with { type: 'json' };
import { bytesSource } from './random-access-source.js';
import { writeSafetensors } from './write-safetensors.js';

/** Set it to 10000 to look further. */
const RUNS = Number(process.env.EIM_FUZZ_RUNS ?? 300);
const MOST_MEGABYTES = 100;

type Edit =
  | { readonly set: number; readonly value: number }
  | { readonly number: number; readonly value: number; readonly width: 4 | 8 }
  | { readonly remove: number; readonly length: number }
  | { readonly copy: number; readonly to: number; readonly length: number };

/** Headers stand at one of the ends, so half of the places lie near them. */
const place = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 0.1, noNaN: true }),
  fc.double({ min: 0.9, max: 1, noNaN: true }),
);
const hardNumber = fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24, 255, 256, 65_536, 7, 1000);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ set: place, value: fc.nat(255) }),
  fc.record({ number: place, value: hardNumber, width: fc.constantFrom(4 as const, 8 as const) }),
  fc.record({ remove: place, length: fc.nat(40) }),
  fc.record({ copy: place, to: place, length: fc.nat(200) }),
);
const mutation = fc.record({
  edits: fc.array(edit, { maxLength: 6 }),
  keep: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: place }),
});

function mutated(file: Uint8Array, { edits, keep }: { edits: readonly Edit[]; keep: number }): Uint8Array {
  let bytes = file.slice();
  const at = (share: number) => Math.min(bytes.length - 1, Math.floor(share * bytes.length));
  for (const change of edits) {
    if (bytes.length < 9) break;
    if ('set' in change) bytes[at(change.set)] = change.value;
    else if ('number' in change) {
      const from = Math.min(at(change.number), bytes.length - change.width);
      const view = new DataView(bytes.buffer);
      if (change.width === 4) view.setInt32(from, change.value, true);
      else view.setBigInt64(from, BigInt(change.value), true);
    } else if ('remove' in change) {
      const from = at(change.remove);
      bytes = Uint8Array.of(...bytes.subarray(0, from), ...bytes.subarray(from + change.length));
    } else {
      const from = at(change.copy);
      const piece = bytes.slice(from, from + change.length);
      bytes.set(piece.subarray(0, bytes.length - at(change.to)), at(change.to));
    }
  }
  return bytes.slice(0, Math.ceil(keep * bytes.length));
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const llama2c = new Uint8Array(28 + 4 * (40 + 2 * 496 + 8 + 6));
new Int32Array(llama2c.buffer, 0, 7).set([8, 12, 2, 4, 2, 5, 3]);

const FILES: Readonly<Record<string, readonly Uint8Array[]>> = {
  safetensors: [
    writeSafetensors(
      [
        { name: 'weight', dtype: 'F32', shape: [2, 3], data: new Float32Array(6) },
        { name: 'half', dtype: 'F16', shape: [4], data: new Float32Array(4) },
        { name: 'ids', dtype: 'I64', shape: [2], data: new BigInt64Array(2) },
      ],
      { step: '3' },
    ),
  ],
  'PyTorch checkpoint': Object.values(checkpoints).map(({ file }) => fromBase64(file)),
  GGUF: [fromBase64(gguf.file)],
  'llama2.c': [llama2c],
};

/** Opens a file and reads all of it, or gets an EimError. @returns whether it was read */
async function readOrRefuse(bytes: Uint8Array, name: string): Promise<boolean> {
  try {
    const file = await openWeightFile(bytesSource(bytes, name));
    for await (const { shape, data } of file.tensors()) expect(data).toHaveLength(elementCount(shape));
    return true;
  } catch (error) {
    if (EimError.isInstance(error)) return false;
    throw error;
  }
}

test.each(Object.keys(FILES))(
  `a mutated %s is read or refused, in little memory, ${RUNS} times`,
  async (format) => {
    const files = FILES[format]!;
    for (const file of files) expect(await readOrRefuse(file, format)).toBe(true);
    let read = 0;
    const before = process.resourceUsage().maxRSS;
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), mutation, async (index, change) => {
        const original = files[index]!;
        const bytes = mutated(original, change);
        if (await readOrRefuse(bytes, format)) read++;
      }),
      { numRuns: RUNS },
    );
    const grown = (process.resourceUsage().maxRSS - before) / 1024;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(RUNS);
    expect(grown, 'megabytes').toBeLessThan(MOST_MEGABYTES);
  },
  600_000,
);
