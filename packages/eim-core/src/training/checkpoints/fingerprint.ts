import type { CaptionDataset } from '@eim/contracts';
import type { NamedArray } from '../optimizer/named-array.js';

/** SHA-256 in hexadecimal; the same in Node and in browsers. */
export async function sha256(bytes: Uint8Array | string): Promise<string> {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Hash of a value by its JSON, with keys in order. */
export function hashJson(value: unknown): Promise<string> {
  return sha256(JSON.stringify(value, sortKeys));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Hash of weights: names, shapes and every byte. */
export async function hashArrays(arrays: readonly NamedArray[]): Promise<string> {
  const lines: string[] = [];
  for (const { name, shape, data } of arrays) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    lines.push(`${name} [${shape}] ${await sha256(bytes)}`);
  }
  return sha256(lines.join('\n'));
}

/** Hash of a data set: splits, pictures by fingerprint, captions. */
export function hashDataset(dataset: CaptionDataset): Promise<string> {
  return hashJson(
    dataset.splits.map((name) => [
      name,
      dataset.split(name).map(({ id, fingerprint, captions }) => [id, fingerprint, captions]),
    ]),
  );
}
