import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ShardReader } from './shard-reader.js';
import type { WebFile } from './web-manifest.js';

const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);

/** The bytes above in shards of a size, and which of them were fetched. */
function inShards(size: number) {
  const shards: WebFile['shards'] = [];
  for (let start = 0; start < bytes.length; start += size) {
    const part = bytes.subarray(start, start + size);
    const sha256 = createHash('sha256').update(part).digest('hex');
    shards.push({ path: `model/${start}.bin`, size: part.length, sha256 });
  }
  const fetched: string[] = [];
  let seen = 0;
  const reader = new ShardReader(
    async (path) => {
      fetched.push(path);
      const start = Number(/\d+/.exec(path)![0]);
      return bytes.slice(start, start + size);
    },
    (count) => {
      seen += count;
    },
  );
  return { source: reader.source('file', { size: 100, shards }), fetched, seen: () => seen };
}

test.each([1, 7, 33, 100, 1000])('any range is read from shards of %i bytes', async (size) => {
  const { source, seen } = inShards(size);
  for (const [offset, length] of [
    [0, 100],
    [5, 1],
    [6, 2],
    [32, 35],
    [99, 1],
    [100, 0],
  ] as const) {
    expect(await source.read(offset, length)).toEqual(bytes.slice(offset, offset + length));
  }
  expect(seen()).toBe(100);
});

test('a shard is fetched when it is needed, once at a time, and few are kept', async () => {
  const { source, fetched } = inShards(10);
  await Promise.all([source.read(0, 10), source.read(3, 2)]);
  expect(fetched).toEqual(['model/0.bin']);
  for (const offset of [10, 20, 30, 40]) await source.read(offset, 10);
  await source.read(40, 10);
  expect(fetched).toHaveLength(5);
  await source.read(0, 10);
  expect(fetched).toHaveLength(6);
});
