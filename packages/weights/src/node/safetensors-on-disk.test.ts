import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSafetensorsFile, readSafetensorsFile, writeSafetensorsFile } from './safetensors-on-disk.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const weight = { name: 'weight', dtype: 'F32', shape: [2], data: Float32Array.of(1.5, -2) } as const;

test('a file written is read back, whole and by tensor', async () => {
  const path = join(folder, 'a.safetensors');
  await writeSafetensorsFile(path, [weight], { step: '12' });
  const { tensors, metadata } = await readSafetensorsFile(path);
  expect(metadata).toEqual({ step: '12' });
  expect(tensors.get('weight')).toEqual(weight);
  const file = await openSafetensorsFile(path);
  expect((await file.read('weight')).data).toEqual(weight.data);
  await truncate(path, file.info('weight').offset + 4);
  await expect(file.read('weight')).rejects.toThrow(/a\.safetensors ends at byte \d+, 4 bytes early/);
  await file.close();
});

test('a missing, broken or impossible file is named', async () => {
  const path = join(folder, 'broken.safetensors');
  await expect(readSafetensorsFile(path)).rejects.toMatchObject({ code: 'missing-file' });
  await writeFile(path, 'not weights at all');
  await expect(readSafetensorsFile(path)).rejects.toMatchObject({
    code: 'invalid-file',
    data: { file: path },
  });
  await expect(readSafetensorsFile(folder)).rejects.toThrow(`${folder} is not a file`);
});
