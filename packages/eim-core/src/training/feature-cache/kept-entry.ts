import { decodeEntry, encodeEntry, type FeatureEntry } from './feature-entry.js';
import type { FeatureStore } from './feature-store.js';

/** What became of entries that a store could not give back or take. */
export interface StoreFaults {
  /** Entries of the store that were damaged, and computed anew. */
  damaged: number;
  /** Entries that could not be written; the run goes on without them. */
  unwritten: number;
}

/**
 * An entry of a store, or one that is computed and put there.
 * @param store absent: it is computed
 * @param key of all that the entry's numbers depend on; undefined where that has no hash, so that nothing is kept
 */
export async function keptEntry(
  store: FeatureStore | undefined,
  key: () => Promise<string | undefined>,
  faults: StoreFaults,
  compute: () => Promise<FeatureEntry>,
): Promise<{ readonly entry: FeatureEntry; readonly wasStored: boolean }> {
  const name = store && (await key());
  const bytes = name === undefined ? undefined : await store!.read(name);
  const stored = bytes && (await decodeEntry(bytes));
  if (bytes && !stored) faults.damaged += 1;
  if (stored) return { entry: stored, wasStored: true };
  const entry = await compute();
  try {
    if (name !== undefined) await store!.write(name, await encodeEntry(entry));
  } catch {
    // A full disk must not end a run that needs no cache; the count is reported.
    faults.unwritten += 1;
  }
  return { entry, wasStored: false };
}
