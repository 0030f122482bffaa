import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWeightFiles } from './find-weight-files.js';
import { openPublishedWeights } from './open-published-weights.js';
import { openWeights } from './open-weights.js';
import { writeSafetensorsFile } from './safetensors-on-disk.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eim-folders-'));
});
afterAll(() => rm(root, { recursive: true }));

let count = 0;
async function folderOf(names: readonly string[]): Promise<string> {
  const folder = join(root, String(count++));
  await mkdir(folder);
  for (const name of names) await writeFile(join(folder, name), '');
  return folder;
}

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const BIN_SHARDS = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];
const INDEX = 'model.safetensors.index.json';
const BIN_INDEX = 'pytorch_model.bin.index.json';
const META = ['consolidated.00.pth', 'consolidated.01.pth'];

test.each<[files: readonly string[], found: readonly string[]]>([
  // transformers' order (modeling_utils.py, _get_resolved_checkpoint_files)
  [['model.safetensors', INDEX, ...SHARDS, 'pytorch_model.bin', BIN_INDEX], ['model.safetensors']],
  [[INDEX, ...SHARDS, 'pytorch_model.bin', BIN_INDEX, ...BIN_SHARDS], [INDEX]],
  [['pytorch_model.bin', BIN_INDEX, ...BIN_SHARDS], ['pytorch_model.bin']],
  [[BIN_INDEX, ...BIN_SHARDS], [BIN_INDEX]],
  // other names, formats and programs beside
  [
    ['model.safetensors', 'model.fp16.safetensors', 'model.gguf', 'open_clip_model.safetensors'],
    ['model.safetensors'],
  ],
  [['model.safetensors', ...META], ['model.safetensors']],
  [[INDEX, ...SHARDS, 'consolidated.safetensors'], [INDEX]],
  [
    ['open_clip_model.safetensors', 'open_clip_pytorch_model.bin', 'other.pt'],
    ['open_clip_model.safetensors'],
  ],
  [['open_clip_pytorch_model.bin'], ['open_clip_pytorch_model.bin']],
  [META, META],
  [['consolidated.00.pth', 'params.json', 'tokenizer.model'], ['consolidated.00.pth']],
  [['consolidated.safetensors', 'params.json'], ['consolidated.safetensors']],
  // one file of any name, with what training left beside it
  [['gpt2.pt', 'optimizer.pt', 'scheduler.pt', 'rng_state_0.pth', 'training_args.bin'], ['gpt2.pt']],
  [['last.ckpt'], ['last.ckpt']],
  [['a.Q4_1.gguf', 'tokenizer.json'], ['a.Q4_1.gguf']],
  [['a.safetensors', 'a.safetensors.index.json', 'a-00001-of-00002.safetensors'], ['a.safetensors']],
  [['a.safetensors.index.json', 'a-00001-of-00002.safetensors'], ['a.safetensors.index.json']],
  [['a-00001-of-00001.safetensors'], ['a-00001-of-00001.safetensors']],
])('of %j the weights are %j', async (files, found) => {
  expect((await findWeightFiles(await folderOf(files))).names).toEqual(found);
});

test.each<[files: readonly string[], message: RegExp]>([
  [[], /holds no weights\. Expected model\.safetensors/],
  [['optimizer.pt', 'scheduler.pt'], /holds no weights/],
  [['a.gguf', 'b.gguf'], /several weight files: a\.gguf, b\.gguf\. Name one/],
  [['a.safetensors', 'b.pt'], /several weight files: a\.safetensors, b\.pt/],
  [['a.pt', ...META], /several weight files: a\.pt, consolidated\.00\.pth, consolidated\.01\.pth/],
  [['consolidated.00.pth', 'consolidated.00.safetensors'], /several weight files/],
  [
    ['consolidated.00.pth', 'consolidated.02.pth'],
    /lacks consolidated\.01\.pth, although it has consolidated\.02/,
  ],
  [SHARDS, /holds shards, such as model-00001-of-00002\.safetensors, without the index/],
  [
    ['model.safetensors', 'adapter_config.json', 'adapter_model.safetensors'],
    /holds an adapter, adapter_model\.safetensors, beside model\.safetensors, and does not say that it is to be applied/,
  ],
  [['adapter_model.bin'], /holds an adapter, adapter_model\.bin, without the model/],
])('%j are refused by name', async (files, message) => {
  await expect(findWeightFiles(await folderOf(files))).rejects.toThrow(message);
});

const tensor = (name: string, value: number) =>
  ({ name, dtype: 'F32', shape: [1], data: Float32Array.of(value) }) as const;

test('a file that the description names counts alone', async () => {
  const folder = await folderOf([]);
  await writeSafetensorsFile(join(folder, 'model.safetensors'), [tensor('a', 1)]);
  await writeSafetensorsFile(join(folder, 'other.safetensors'), [tensor('a', 2)]);
  await writeFile(join(folder, 'config.json'), '{"transformers_weights": "other.safetensors"}');
  const weights = await openPublishedWeights(folder);
  expect((await weights.read('a')).data).toEqual(Float32Array.of(2));
  await weights.close();
  await writeFile(join(folder, 'config.json'), '{"transformers_weights": "../other.safetensors"}');
  await expect(openPublishedWeights(folder)).rejects.toThrow(
    /transformers_weights is "\.\.\/other\.safetensors"/,
  );
});

test('shards of Meta lose the wrappers of each, and are described by their own file', async () => {
  const folder = await folderOf([]);
  for (const [index, name] of ['consolidated.00.safetensors', 'consolidated.01.safetensors'].entries()) {
    await writeSafetensorsFile(join(folder, name), [tensor('module.tok_embeddings.weight', index)]);
  }
  await writeFile(join(folder, 'config.json'), '{"hidden_size": 1}');
  await writeFile(join(folder, 'params.json'), '{"dim": 1}');
  const weights = await openPublishedWeights(folder);
  expect(weights.config).toEqual({ dim: 1 });
  expect(weights.tensorNames).toEqual([
    'consolidated.00.safetensors:tok_embeddings.weight',
    'consolidated.01.safetensors:tok_embeddings.weight',
  ]);
  await weights.close();
});

test('weights of which it is not clear what the model is are refused, unless one only looks', async () => {
  const folder = await folderOf([]);
  const path = join(folder, 'model.safetensors');
  await writeSafetensorsFile(path, [tensor('_orig_mod.wte.weight', 1), tensor('wpe.weight', 2)]);
  for (const at of [folder, path]) {
    await expect(openPublishedWeights(at)).rejects.toThrow(/begin with "_orig_mod\."/);
    const weights = await openPublishedWeights(at, { unclearModel: true });
    expect(weights.tensorNames).toEqual(['_orig_mod.wte.weight', 'wpe.weight']);
    expect(weights.problem?.message).toMatch(/begin with "_orig_mod\."/);
    await weights.close();
    const raw = await openWeights(at);
    expect(raw.tensorNames).toEqual(['_orig_mod.wte.weight', 'wpe.weight']);
    await raw.close();
  }
});
