import { EimError } from '@eim/contracts';
import type { RandomAccessSource } from '@eim/weights';
import type { WebFile } from './web-manifest.js';

/** Fetches one file of the exported folder. */
export type FetchFile = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Shards that are kept in memory while tensors are read from them. */
const KEPT_SHARDS = 4;

/**
 * Files that lie in shards, read by range: a shard is fetched when something of it is needed first, and checked.
 */
export class ShardReader {
  readonly #kept = new Map<string, Promise<Uint8Array>>();
  readonly #seen = new Set<string>();

  /** @param onBytes told of each shard that came for the first time */
  constructor(
    private readonly fetchFile: FetchFile,
    private readonly onBytes: (bytes: number) => void = () => {},
  ) {}

  /** @param name for messages */
  source(name: string, { size, shards }: WebFile): RandomAccessSource {
    const readInto = async (offset: number, target: Uint8Array): Promise<void> => {
      let start = 0;
      for (const shard of shards) {
        const from = Math.max(offset, start);
        const end = Math.min(offset + target.length, start + shard.size);
        if (from < end) {
          const bytes = await this.#shard(shard);
          target.set(bytes.subarray(from - start, end - start), from - offset);
        }
        start += shard.size;
      }
    };
    return {
      name,
      size,
      readInto,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        await readInto(offset, bytes);
        return bytes;
      },
    };
  }

  /** All of a file as text. */
  async text(name: string, file: WebFile): Promise<string> {
    return new TextDecoder().decode(await this.source(name, file).read(0, file.size));
  }

  async #shard(shard: WebFile['shards'][number]): Promise<Uint8Array> {
    const kept = this.#kept.get(shard.path) ?? this.#fetch(shard);
    this.#kept.delete(shard.path);
    this.#kept.set(shard.path, kept); // the newest last
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_SHARDS) this.#kept.delete(oldest!);
    return await kept;
  }

  async #fetch({ path, size, sha256 }: WebFile['shards'][number]): Promise<Uint8Array> {
    const bytes = await this.fetchFile(path);
    const isWhole = bytes.length === size && (await sha256Of(bytes)) === sha256;
    if (!isWhole) {
      throw new EimError({
        code: 'invalid-file',
        message: `${path} is not the file that was exported: it has ${bytes.length} bytes of ${size}, or others.`,
        advice: 'Put all files of one export on the host, and load the page again.',
        data: { file: path, size, actual: bytes.length },
      });
    }
    if (!this.#seen.has(path)) this.onBytes(size);
    this.#seen.add(path);
    return bytes;
  }
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
