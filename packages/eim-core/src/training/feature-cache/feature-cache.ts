import type { Picture } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { hashJson, hashWeights } from '../checkpoints/fingerprint.js';
import type { MemoryBudget } from '../data/memory-budget.js';
import type { PixelStore } from '../data/pixel-store.js';
import type { OpenSpillFile } from '../data/record-store.js';
import type { EngineIdentity } from '../run/engine-identity.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { encodeChunk } from './encode-chunk.js';
import { decodeEntry, encodeEntry, type FeatureEntry } from './feature-entry.js';
import type { FeatureStore } from './feature-store.js';
import { type CachedFeature, FeatureTable } from './feature-table.js';

/** What came of the pictures asked for. */
export interface FeatureCounts {
  /** Pictures run through the encoder. */
  encoded: number;
  /** Pictures read from the store. */
  read: number;
  /** Entries of the store that were damaged, and computed anew. */
  damaged: number;
  /** Entries that could not be written; the run goes on without them. */
  unwritten: number;
  /** Cost of all of them, as if none had been in the store. */
  multiplyAdds: number;
}

export interface FeatureCacheOptions {
  readonly store?: FeatureStore | undefined;
  readonly budget: MemoryBudget;
  /** Where features go for which the budget has no room. Absent: all stay in memory. */
  readonly openSpillFile?: OpenSpillFile | undefined;
}

export interface FeatureRequest {
  /** The split's name. Only keys of the memory layer contain it. */
  readonly split: string;
  readonly pictures: readonly Picture[];
  readonly names: readonly CachedFeature[];
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pictures in one run of the encoder. Fixed, so that a picture's features never depend on the segment. */
const CHUNK_SIZE = 32;

/**
 * Outputs of an encoder that does not learn, once a picture: in memory, and in a store where there is one.
 * A store entry is one chunk of 32 pictures, keyed by the hash of everything that its numbers depend on.
 */
export class FeatureCache {
  readonly counts: FeatureCounts = { encoded: 0, read: 0, damaged: 0, unwritten: 0, multiplyAdds: 0 };
  readonly #parts: ModelParts;
  readonly #pixels: PixelStore;
  readonly #engine: EngineIdentity;
  readonly #options: FeatureCacheOptions;
  readonly #tables = new Map<string, FeatureTable>();
  #weights: string | undefined;

  constructor(parts: ModelParts, pixels: PixelStore, engine: EngineIdentity, options: FeatureCacheOptions) {
    this.#parts = parts;
    this.#pixels = pixels;
    this.#engine = engine;
    this.#options = options;
  }

  /** Called before a segment: forgets what older weights of the encoder, or of what the ST puts into it, gave. */
  async refresh(): Promise<void> {
    const { encoder, st } = this.#parts;
    const injected = st.encoderInjection ? (st.encoderParameters?.() ?? st.parameters()) : [];
    const named = [
      ...encoder.parameters(),
      ...injected.map(({ name, variable }) => ({ name: `st.${name}`, variable })),
    ];
    const readOnly = encoder.readOnlyWeights?.() ?? [];
    const weights = await hashWeights(
      named,
      st.encoderInjection ? [...readOnly, ...(st.readOnlyWeights?.() ?? [])] : readOnly,
    );
    if (weights === this.#weights) return;
    this.#weights = weights;
    await this.forget();
  }

  /** Frees all features that are held. */
  async forget(): Promise<void> {
    const tables = [...this.#tables.values()];
    this.#tables.clear();
    for (const table of tables) await table.close();
  }

  /** Features of a split's pictures, in their order. */
  async table({ split, pictures, names, onProgress }: FeatureRequest): Promise<FeatureTable> {
    const key = `${split} ${[...names].sort()}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const { budget, openSpillFile } = this.#options;
    let table: FeatureTable | undefined;
    try {
      for (let start = 0; start < pictures.length; start += CHUNK_SIZE) {
        await yieldToEventLoop();
        const chunk = pictures.slice(start, start + CHUNK_SIZE);
        const { columns } = await this.#chunk(chunk, names);
        table ??= new FeatureTable(new Map([...columns].map(([name, { shape }]) => [name, shape])), {
          budget,
          openSpillFile,
        });
        await table.append(columns, chunk.length);
        onProgress?.(Math.min(pictures.length, start + CHUNK_SIZE), pictures.length);
      }
    } catch (error) {
      await table?.close();
      throw error;
    }
    this.#tables.set(key, table!);
    return table!;
  }

  async #chunk(pictures: readonly Picture[], names: readonly CachedFeature[]): Promise<FeatureEntry> {
    const key = await hashJson({
      format: 1,
      weights: this.#weights,
      preprocessing: this.#parts.encoder.preprocessing,
      pictures: pictures.map(({ fingerprint }) => fingerprint),
      names: [...names].sort(),
      engine: this.#engine,
      chunkSize: CHUNK_SIZE,
    });
    const bytes = await this.#options.store?.read(key);
    const stored = bytes && (await decodeEntry(bytes));
    if (bytes && !stored) this.counts.damaged += 1;
    if (stored) {
      this.counts.read += pictures.length;
      this.counts.multiplyAdds += stored.multiplyAdds;
      return stored;
    }
    const entry = await encodeChunk(this.#parts, this.#pixels, pictures, names, CHUNK_SIZE);
    this.counts.encoded += pictures.length;
    this.counts.multiplyAdds += entry.multiplyAdds;
    try {
      await this.#options.store?.write(key, await encodeEntry(entry));
    } catch {
      // A full disk must not end a run that needs no cache; the count is reported.
      this.counts.unwritten += 1;
    }
    return entry;
  }
}
