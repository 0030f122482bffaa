import type { Dataset } from '@eim/contracts';

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

/** Rows that are hashed at once, so that a large data set is never one string. */
const ROWS = 4096;

/** Hash of a data set: splits, rows with all they say, pictures by fingerprint. */
export async function hashDataset(dataset: Dataset): Promise<string> {
  const hashes: unknown[] = [];
  for (const name of dataset.splits) {
    const rows = dataset.split(name);
    hashes.push(name, dataset.mixture?.(name));
    for (let start = 0; start < rows.length; start += ROWS) {
      const part = rows.slice(start, start + ROWS);
      hashes.push(await hashJson(part.map(({ picture, ...row }) => [row, picture?.fingerprint])));
    }
  }
  return hashJson(hashes);
}
