import { expect, test } from 'vitest';
import { quantizeQ80 } from '../gguf/write/quantize-q80.js';
import { widenHalves } from '../half.js';
import { findModel } from '../model/model-weights.js';
import { openWeightFile } from '../open-weight-file.js';
import { openedWeights } from '../published/opened-weights.js';
import { bytesSource } from '../random-access-source.js';
import { writeSafetensors } from '../write-safetensors.js';
import { Nf4Quantiser } from './quantise-nf4.js';
import { quantiseQ40 } from './quantise-q40.js';
import { QUANTISE_FORMATS, quantisedWeights } from './quantised-weights.js';

const values = (count: number) =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 1.7) * (1 + (index % 5)));

async function weightsOf(...tensors: Parameters<typeof writeSafetensors>[0]) {
  const file = await openWeightFile(bytesSource(writeSafetensors(tensors), 'tiny.safetensors'));
  return openedWeights(findModel(file), { name: 'tiny.safetensors', files: [], config: {} });
}

const ROWS = 40;
const COLUMNS = 128;
const matrix = values(ROWS * COLUMNS);
const f32 = { name: 'm', dtype: 'F32', shape: [ROWS, COLUMNS], data: matrix } as const;

function expected(format: (typeof QUANTISE_FORMATS)[number], floats: Float32Array): Uint8Array {
  if (format === 'q8_0') return quantizeQ80(floats);
  if (format === 'q4_0') return quantiseQ40(floats);
  const quantiser = new Nf4Quantiser(floats.length);
  quantiser.add(floats);
  return quantiser.finish();
}

test.each(QUANTISE_FORMATS)(
  '%s: blocks of a matrix, as a whole, in pieces, and from the front again',
  async (format) => {
    const weights = quantisedWeights(await weightsOf(f32), format);
    const blocks = weights.read.blocks!('m')!;
    expect(blocks.format.name).toBe(format);
    const bytes = expected(format, matrix);
    const whole = new Uint8Array(bytes.length);
    await blocks.readInto(0, whole);
    expect(whole).toEqual(bytes);
    for (const [from, count] of [
      [0, 100],
      [100, 900],
      [1500, 300],
      [7, 5],
    ] as const) {
      const piece = new Uint8Array(count);
      await blocks.readInto(from, piece);
      expect(piece).toEqual(bytes.subarray(from, from + count));
    }
    await expect(blocks.readInto(bytes.length - 1, new Uint8Array(2))).rejects.toThrow(RangeError);
    // the values themselves stay as they are
    expect((await weights.read('m')).data).toEqual(matrix);
    expect(weights.tensorNames).toEqual(['m']);
  },
);

test('halves are widened first; vectors and whole numbers stay', async () => {
  const data = matrix.map((value) => Math.round(value * 64) / 64);
  const weights = quantisedWeights(
    await weightsOf(
      { name: 'h', dtype: 'F16', shape: [ROWS, COLUMNS], data },
      { name: 'v', dtype: 'F32', shape: [64], data: values(64) },
      { name: 'i', dtype: 'I32', shape: [2, 64], data: new Int32Array(128) },
    ),
    'q4_0',
  );
  const target = new Uint8Array(quantiseQ40(data).length);
  await weights.read.blocks!('h')!.readInto(0, target);
  expect(target).toEqual(quantiseQ40(data));
  expect([weights.read.blocks!('v'), weights.read.blocks!('i')]).toEqual([undefined, undefined]);
});

test('rows that blocks do not fill and values that are not finite are refused by the tensor', async () => {
  const narrow = { name: 'narrow', dtype: 'F32', shape: [4, 96], data: values(384) } as const;
  const endless = {
    name: 'endless',
    dtype: 'F32',
    shape: [2, 64],
    data: values(128).fill(Number.NaN, 3, 4),
  } as const;
  const weights = await weightsOf(narrow, endless);
  expect(quantisedWeights(weights, 'q8_0').read.blocks!('narrow')?.format.name).toBe('q8_0');
  expect(() => quantisedWeights(weights, 'nf4').read.blocks!('narrow')).toThrow(
    'tiny.safetensors cannot be quantised to nf4: "narrow" has rows of 96, which blocks of 64 do not fill',
  );
  const blocks = quantisedWeights(weights, 'q8_0').read.blocks!('endless')!;
  await expect(blocks.readInto(0, new Uint8Array(136))).rejects.toThrow(
    '"endless" holds a value that is not finite',
  );
});

test('halves of a safetensors file are given as they lie there', async () => {
  const data = matrix.map((value) => Math.round(value * 64) / 64);
  for (const dtype of ['F16', 'BF16'] as const) {
    const weights = await weightsOf({ name: 'h', dtype, shape: [ROWS, COLUMNS], data }, f32);
    const blocks = weights.read.blocks!('h')!;
    expect(blocks.format).toMatchObject({ name: dtype === 'F16' ? 'float16' : 'bfloat16', blockBytes: 2 });
    const bytes = new Uint8Array(2 * data.length);
    await blocks.readInto(0, bytes);
    const widened = new Float32Array(data.length);
    blocks.format.widen(bytes, widened);
    expect(widened).toEqual((await weights.read('h')).data);
    if (dtype === 'F16') {
      const again = new Float32Array(data.length);
      widenHalves(new Uint16Array(bytes.buffer), again);
      expect(again).toEqual(data);
    }
    expect(weights.read.blocks!('m')).toBeUndefined();
  }
});
