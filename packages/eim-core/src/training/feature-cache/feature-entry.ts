import { sha256 } from '../checkpoints/fingerprint.js';
import { concatenate } from '../data/concatenate.js';
import type { CachedFeature, FeatureColumn } from './feature-layout.js';

/** What one run of the encoder over a chunk of pictures gave. */
export interface FeatureEntry {
  readonly columns: ReadonlyMap<CachedFeature, FeatureColumn>;
  /** What it cost. */
  readonly multiplyAdds: number;
}

interface EntryHeader {
  readonly checksum: string;
  readonly multiplyAdds: number;
  readonly columns: readonly {
    readonly name: CachedFeature;
    readonly shape: readonly number[];
    readonly length: number;
  }[];
}

/** Layout: header length (u32, little endian), header as JSON padded with spaces to 4 bytes, float32 columns. */
export async function encodeEntry({ columns, multiplyAdds }: FeatureEntry): Promise<Uint8Array> {
  const data = concatenate([...columns.values()].map((column) => column.data));
  const body = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const header: EntryHeader = {
    checksum: await sha256(body),
    multiplyAdds,
    columns: [...columns].map(([name, column]) => ({
      name,
      shape: column.shape,
      length: column.data.length,
    })),
  };
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const bytes = new Uint8Array(4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(body, 4 + text.length);
  return bytes;
}

/** @returns undefined where the bytes are not a whole, undamaged entry */
export async function decodeEntry(bytes: Uint8Array): Promise<FeatureEntry | undefined> {
  try {
    const headerLength = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    const text = new TextDecoder().decode(bytes.subarray(4, 4 + headerLength));
    const header = JSON.parse(text) as EntryHeader;
    // A copy that owns its memory: a Buffer of Node may lie anywhere in a larger one, and its slice is a view.
    const body = new Uint8Array(bytes.subarray(4 + headerLength));
    if ((await sha256(body)) !== header.checksum) return undefined;
    const data = new Float32Array(body.buffer, 0, body.length / 4);
    const columns = new Map<CachedFeature, FeatureColumn>();
    let start = 0;
    for (const { name, shape, length } of header.columns) {
      columns.set(name, { shape, data: data.subarray(start, start + length) });
      start += length;
    }
    return { columns, multiplyAdds: header.multiplyAdds };
  } catch {
    return undefined;
  }
}
