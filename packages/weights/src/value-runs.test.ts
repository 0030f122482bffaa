import { expect, test } from 'vitest';
import { elementCount } from './dtype.js';
import gguf from './gguf/__fixtures__/gguf.json' with { type: 'json' };
import { floatValues } from './narrow-tensor.js';
import { openWeightFile } from './open-weight-file.js';
import checkpoints from './pytorch/__fixtures__/checkpoints.json' with { type: 'json' };
import { bytesSource } from './random-access-source.js';
import { FLOAT_STORAGE, readValueRuns, type ValueRun } from './value-runs.js';
import type { WeightFile } from './weight-file.js';
import { writeSafetensors } from './write-safetensors.js';

async function collected(runs: AsyncIterable<ValueRun>): Promise<number[]> {
  const values: number[] = [];
  for await (const run of runs) {
    expect(run.at).toBe(values.length);
    values.push(...run.values);
  }
  return values;
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const floats = (dtype: string) => {
  const data = dtype === 'F64' ? new Float64Array(15) : new Float32Array(15);
  return data.map((_: number, i: number) => i - 7.5) as Float32Array;
};
const FILES: Readonly<Record<string, Uint8Array>> = {
  gguf: fromBase64(gguf.file),
  'dtypes of PyTorch': fromBase64(checkpoints.dtypes.file),
  'views of PyTorch': fromBase64(checkpoints.views.file),
  'old PyTorch': fromBase64(checkpoints.old.file),
  safetensors: writeSafetensors(
    (['F64', 'F32', 'F16', 'BF16'] as const).map((dtype) => ({
      name: dtype,
      dtype,
      shape: [3, 5],
      data: floats(dtype),
    })),
  ),
};

test.each(Object.keys(FILES))('runs hold what reading at once gives: %s', async (kind) => {
  const file: WeightFile = await openWeightFile(bytesSource(FILES[kind]!, kind));
  let compared = 0;
  for (const name of file.tensorNames) {
    const { shape, dtype } = file.info(name);
    if (!['F64', 'F32', 'F16', 'BF16'].includes(dtype)) continue;
    const runs = file.readRuns(name, elementCount(shape.slice(1)));
    expect(await collected(runs), name).toEqual([...floatValues(await file.read(name))]);
    compared++;
  }
  expect(compared).toBeGreaterThan(3);
});

test('a long tensor comes in runs of whole rows, in the same memory, read by its parts', async () => {
  const [rows, width] = [700, 1000];
  const whole = Float32Array.from({ length: rows * width }, (_, i) => i);
  const bytes = new Uint8Array(whole.buffer);
  const lengths: number[] = [];
  const source = {
    ...bytesSource(bytes),
    readInto: async (offset: number, target: Uint8Array) => {
      lengths.push(target.length);
      target.set(bytes.subarray(offset, offset + target.length));
    },
  };
  const tensor = { offset: 0, elements: whole.length, rowLength: width, stored: FLOAT_STORAGE.F32 };
  const buffers = new Set<ArrayBufferLike>();
  let at = 0;
  for await (const run of readValueRuns(source, tensor)) {
    expect(run.at).toBe(at);
    expect(run.values.length % width).toBe(0);
    expect(run.values[0]).toBe(at);
    expect(run.values.at(-1)).toBe(at + run.values.length - 1);
    buffers.add(run.values.buffer);
    at += run.values.length;
  }
  expect(at).toBe(whole.length);
  expect(buffers.size).toBe(1);
  expect(lengths).toEqual([262_000 * 4, 262_000 * 4, 176_000 * 4]);
});

test('a source that fails is told, whenever the next run is asked for', async () => {
  const source = {
    ...bytesSource(new Uint8Array(0)),
    readInto: async () => Promise.reject(new Error('gone')),
  };
  const runs = readValueRuns(source, { offset: 0, elements: 9, rowLength: 3, stored: FLOAT_STORAGE.F32 });
  await expect(collected(runs)).rejects.toThrow('gone');
});
