import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openWeights } from '../node/open-weights.js';
import { openWeightFile } from '../open-weight-file.js';
import { bytesSource } from '../random-access-source.js';

/** dim 8, hidden 12, 2 layers, 4 heads over 2, 5 tokens, 3 positions: every float is its index in the file. */
const SIZES = [8, 12, 2, 4, 2, 5, 3];
const PER_LAYER = 8 + 64 + 32 + 32 + 64 + 8 + 96 + 96 + 96;

function legacy(unshared: boolean): Uint8Array {
  const floats = 40 + 2 * PER_LAYER + 8 + 2 * 3 * 1 + (unshared ? 40 : 0);
  const file = new Uint8Array(28 + 4 * floats);
  const header = SIZES.map((size, index) => (index === 5 && unshared ? -size : size));
  new Int32Array(file.buffer, 0, 7).set(header);
  new Float32Array(file.buffer, 28).set(Float32Array.from({ length: floats }, (_, index) => index));
  return file;
}

function versioned(version: number, shared: boolean): Uint8Array {
  const floats = 40 + 2 * PER_LAYER + 8 + (shared ? 0 : 40);
  const file = new Uint8Array(256 + 4 * floats);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x616b3432, true);
  for (const [index, size] of [version, ...SIZES].entries()) view.setInt32(4 + 4 * index, size, true);
  file[36] = shared ? 1 : 0;
  new Float32Array(file.buffer, 256).set(Float32Array.from({ length: floats }, (_, index) => index));
  return file;
}

const first = async (bytes: Uint8Array, name: string) =>
  ((await (await openWeightFile(bytesSource(bytes))).read(name)).data as Float32Array)[0];

test('the legacy layout is read, with and without a classifier of its own', async () => {
  const shared = await openWeightFile(bytesSource(legacy(false)));
  expect(shared).toMatchObject({
    format: 'llama2.c',
    metadata: {
      dim: 8,
      hidden_dim: 12,
      n_layers: 2,
      n_heads: 4,
      n_kv_heads: 2,
      vocab_size: 5,
      max_seq_len: 3,
    },
  });
  expect(shared.tensorNames).toHaveLength(2 + 2 * 9);
  expect(shared.has('output.weight')).toBe(false);
  expect(shared.info('layers.1.attention.wk.weight').shape).toEqual([4, 8]);
  expect(shared.info('layers.0.feed_forward.w2.weight').shape).toEqual([8, 12]);
  expect(await first(legacy(false), 'tok_embeddings.weight')).toBe(0);
  expect(await first(legacy(false), 'layers.1.attention_norm.weight')).toBe(40 + 8);
  expect(await first(legacy(false), 'layers.0.attention.wq.weight')).toBe(40 + 16);
  expect(await first(legacy(false), 'norm.weight')).toBe(40 + 2 * PER_LAYER);
  expect(await first(legacy(true), 'output.weight')).toBe(40 + 2 * PER_LAYER + 8 + 6);
});

test('version 1 is read, the quantised version 2 refused', async () => {
  expect(await first(versioned(1, false), 'layers.0.attention_norm.weight')).toBe(0);
  expect(await first(versioned(1, false), 'layers.0.ffn_norm.weight')).toBe(16);
  expect(await first(versioned(1, false), 'tok_embeddings.weight')).toBe(16 + 16 + 8);
  expect(await first(versioned(1, false), 'output.weight')).toBe(40 + 2 * PER_LAYER + 8);
  expect((await openWeightFile(bytesSource(versioned(1, true)))).has('output.weight')).toBe(false);
  await expect(openWeightFile(bytesSource(versioned(2, true), 'q.bin'))).rejects.toThrow(
    /^q\.bin is a llama2\.c model of version 2 \(quantised\)/,
  );
});

test('a file of another size is no llama2.c model', async () => {
  const cut = bytesSource(legacy(true).subarray(0, 2000), 'cut.bin');
  await expect(openWeightFile(cut)).rejects.toThrow(/^cut\.bin is neither safetensors.*cut off/);
  const longer = bytesSource(Uint8Array.of(...versioned(1, true), 0), 'long.bin');
  await expect(openWeightFile(longer)).rejects.toThrow(/^long\.bin: it has \d+ bytes, but its .* needs \d+/);
  await expect(openWeightFile(bytesSource(new Uint8Array(0)))).rejects.toThrow(/It is empty/);
  await expect(openWeightFile(bytesSource(new Uint8Array(40)))).rejects.toThrow(/neither/);
});

const stories = resolve(
  import.meta.dirname,
  '../../../..',
  process.env.EIM_DATA ?? '../shared/data',
  'weights/stories260K.bin',
);
test.skipIf(!existsSync(stories))(`the published story model is read (needs ${stories})`, async () => {
  const file = await openWeights(stories);
  expect(file.metadata).toMatchObject({ dim: 64, n_layers: 5, n_kv_heads: 4, vocab_size: 512 });
  expect(file.has('output.weight')).toBe(false);
  const norm = (await file.read('norm.weight')).data as Float32Array;
  // Trained norm weights lie around one; a wrong offset would give weights around zero.
  expect(norm.every((weight) => weight > 0.5 && weight < 20)).toBe(true);
  await file.close();
});
