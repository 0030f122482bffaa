import type { Dataset } from '@eim/contracts';
import { hashDataset } from '@eim/core/node';

/** Rows and hash of each split. */
export type DataHashes = Readonly<Record<string, { readonly rows: number; readonly hash: string }>>;

/** Hashes a data set by split: all that its rows say, and their pictures by fingerprint. */
export async function hashData(dataset: Dataset): Promise<DataHashes> {
  const hashes: Record<string, { rows: number; hash: string }> = {};
  for (const name of dataset.splits) {
    const rows = dataset.split(name);
    const split = { name, splits: [name], split: () => rows, notes: [] };
    const mixture = dataset.mixture?.(name);
    hashes[name] = {
      rows: rows.length,
      hash: await hashDataset(mixture ? { ...split, mixture: () => mixture } : split),
    };
  }
  return hashes;
}
