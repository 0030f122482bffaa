import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWeights } from '../node/open-weights.js';
import { readCaptionFeatures } from './read-caption-features.js';
import { captionFeaturesBytes } from './write-caption-features.js';

const given = {
  vectors: Float32Array.from({ length: 6 }, (_, at) => Math.sin(at)),
  count: 2,
  size: 3,
  captions: [
    { caption: 'a dog', row: 1, fields: { image_id: '12', id: 3 } },
    { caption: 'ein Hündchen', row: 0, fields: { image_id: '7', id: 2 ** 40 } },
  ],
};

test('what is written comes back, and the same contents give the same bytes', async () => {
  const bytes = captionFeaturesBytes(given);
  expect(await readCaptionFeatures(bytes, 'train.pkl')).toEqual(given);
  expect(captionFeaturesBytes(given)).toEqual(bytes);
});

test('what cannot be is refused by its name', async () => {
  expect(() => captionFeaturesBytes({ ...given, size: 4 })).toThrow(/6 values, and 2 rows of 4 need 8/);
  const other = (change: object) =>
    readCaptionFeatures(
      captionFeaturesBytes({ ...given, captions: [{ ...given.captions[0]!, ...change }] }),
      'x.pkl',
    );
  await expect(other({ row: 2 })).rejects.toThrow(/captions\[0\]\.clip_embedding is 2, none of the 2 rows/);
  await expect(other({ fields: { deep: ['a'] } })).rejects.toThrow(
    /captions\[0\]\.deep is neither a text nor a number/,
  );
  const bytes = captionFeaturesBytes(given);
  await expect(readCaptionFeatures(bytes.slice(0, 200), 'x.pkl')).rejects.toThrow(/x\.pkl.*cut off/);
  await expect(readCaptionFeatures(Uint8Array.of(0x80, 2, 0x7d, 0x2e), 'x.pkl')).rejects.toThrow(
    /clip_embedding is no tensor of two dimensions/,
  );
});

const originals = process.env.EIM_ORIGINALS ?? join(process.env.EIM_DATA ?? '../shared/data', 'originals');
const file = join(originals, 'clipcap/oscar_split_tiny.pkl');
if (!existsSync(file)) console.warn(`skipped: ${file} is not there (set EIM_DATA, or EIM_ORIGINALS)`);

test.skipIf(!existsSync(file))('the file that the original program wrote', async () => {
  const { vectors, count, size, captions } = await readCaptionFeatures(readFileSync(file), file);
  const expected = await openWeights(file.replace('.pkl', '.safetensors'));
  expect(await expected.read('clip_embedding')).toMatchObject({ shape: [count, size], data: vectors });
  await expected.close();
  expect(captions.length).toBeGreaterThan(0);
  expect(captions.every(({ row, fields }) => row < count && 'image_id' in fields)).toBe(true);
});
