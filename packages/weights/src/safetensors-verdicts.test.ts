import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import cases from './__fixtures__/safetensors-headers.json' with { type: 'json' };
import { bytesSource } from './random-access-source.js';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.js';

interface Verdict {
  readonly tensors: [name: string, dtype: string, shape: number[]][];
  readonly metadata: Record<string, string>;
}

function fileOf(header: Uint8Array, dataBytes: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  return file;
}

const listed = ({ tensors, metadata }: SafetensorsHeader): Verdict => ({
  tensors: [...tensors.values()].map(({ name, encoding, shape }) => [name, encoding, [...shape]]),
  metadata,
});

test(`${cases.length} headers are read, or refused, as the format's own library does`, async () => {
  const wrong: string[] = [];
  for (const [base64, size, verdict] of cases as [string, number, Verdict | null][]) {
    const header = new Uint8Array(Buffer.from(base64, 'base64'));
    const read = await readSafetensorsHeader(bytesSource(fileOf(header, size))).then(
      listed,
      (error: unknown) => {
        if (EimError.isInstance(error) && error.isUserMistake) return null;
        throw error;
      },
    );
    if (read) read.tensors.sort(([a], [b]) => (a < b ? -1 : 1));
    const same = JSON.stringify(read) === JSON.stringify(verdict);
    if (!same)
      wrong.push(
        `${Buffer.from(header).toString()}: ${JSON.stringify(read)}, not ${JSON.stringify(verdict)}`,
      );
  }
  expect(wrong).toEqual([]);
  expect(cases.filter(([, , verdict]) => verdict !== null).length).toBeGreaterThan(150);
});
