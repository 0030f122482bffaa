import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RandomAccessSource } from '@eim/weights';
import { openFile } from '@eim/weights/node';
import type { WebFile } from '../../in-page/web-manifest.js';

/** Bytes of a shard, at most: what every static host takes, and caches. */
const SHARD_BYTES = 16_000_000;
const FOLDER = 'model';

/** Writes files in shards, each called after its contents, so that what two exports share is fetched once. */
export class ShardWriter {
  readonly files: Record<string, WebFile> = {};

  /** @param folder that is exported into */
  constructor(private readonly folder: string) {}

  /** @param name by which the page asks for it */
  async copy(name: string, path: string): Promise<void> {
    const source = await openFile(path);
    try {
      await this.#write(name, source);
    } finally {
      await source.close();
    }
  }

  async text(name: string, text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    await this.#write(name, {
      name,
      size: bytes.length,
      read: async (offset, length) => bytes.subarray(offset, offset + length),
    });
  }

  async #write(name: string, source: RandomAccessSource): Promise<void> {
    await mkdir(join(this.folder, FOLDER), { recursive: true });
    const shards: WebFile['shards'] = [];
    for (let start = 0; start < source.size; start += SHARD_BYTES) {
      const bytes = await source.read(start, Math.min(SHARD_BYTES, source.size - start));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = `${FOLDER}/${sha256.slice(0, 20)}.bin`;
      await writeFile(join(this.folder, path), bytes);
      shards.push({ path, size: bytes.length, sha256 });
    }
    this.files[name] = { size: source.size, shards };
  }
}
