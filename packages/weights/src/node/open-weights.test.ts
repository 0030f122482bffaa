import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWeights } from './open-weights.js';
import { writeSafetensorsFile } from './safetensors-on-disk.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eim-weights-'));
});
afterAll(() => rm(root, { recursive: true }));

const tensor = (name: string, ...values: number[]) =>
  ({ name, dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }) as const;

async function shardedFolder(name: string, index: unknown): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await writeSafetensorsFile(join(folder, 'model-00001-of-00002.safetensors'), [
    tensor('a', 1, 2),
    tensor('unused', 9),
  ]);
  await writeSafetensorsFile(join(folder, 'model-00002-of-00002.safetensors'), [tensor('b', 3)]);
  const text = typeof index === 'string' ? index : JSON.stringify(index);
  await writeFile(join(folder, 'model.safetensors.index.json'), text);
  return folder;
}

test('a folder of shards is read as one file', async () => {
  const folder = await shardedFolder('sound', {
    metadata: { total_size: 12 },
    weight_map: { b: 'model-00002-of-00002.safetensors', a: 'model-00001-of-00002.safetensors' },
  });
  for (const path of [folder, join(folder, 'model.safetensors.index.json')]) {
    const file = await openWeights(path);
    expect(file).toMatchObject({ format: 'safetensors', metadata: { total_size: 12 } });
    expect(file.tensorNames).toEqual(['b', 'a']);
    expect(file.info('a')).toMatchObject({ dtype: 'F32', encoding: 'F32', shape: [2] });
    expect((await file.read('a')).data).toEqual(Float32Array.of(1, 2));
    await expect(file.read('unused')).rejects.toThrow('has no tensor "unused". It has 2: b, a.');
    await file.close();
  }
});

const shard = 'model-00002-of-00002.safetensors';
test.each<[fault: string, index: unknown, message: RegExp]>([
  ['no JSON', '{"weight_map":', /index\.json: it is not valid JSON/],
  ['no map', { weights: {} }, /no `weight_map`/],
  ['a file above', { weight_map: { b: `../sound/${shard}` } }, /"b" into "\.\.\/sound.*no file beside it/],
  ['a number', { weight_map: { b: 3 } }, /"b" into 3, which is no file/],
  ['a missing file', { weight_map: { b: 'model-3.safetensors' } }, /model-3\.safetensors does not exist/],
  [
    'tensors elsewhere',
    { weight_map: { a: shard, b: shard, c: shard } },
    /2 tensors that are not where it says: "a" in model-00002.*"c" in/,
  ],
])('an index with %s is refused', async (fault, index, message) => {
  const folder = await shardedFolder(fault.replaceAll(' ', '-'), index);
  await expect(openWeights(folder)).rejects.toThrow(message);
});

test('a folder of nothing, or of several models, is refused by name', async () => {
  const folder = join(root, 'several');
  await mkdir(folder);
  await expect(openWeights(folder)).rejects.toThrow(/several holds no weights/);
  await writeSafetensorsFile(join(folder, 'one.safetensors'), [tensor('a', 1)]);
  expect((await openWeights(folder)).name).toMatch(/one\.safetensors$/);
  await writeSafetensorsFile(join(folder, 'two.safetensors'), [tensor('a', 2)]);
  await expect(openWeights(folder)).rejects.toThrow(/several weight files: one\.safetensors, two/);
  await expect(openWeights(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'missing-file' });
});
