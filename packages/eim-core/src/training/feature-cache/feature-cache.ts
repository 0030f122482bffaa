import type { CaptionedPicture } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { hashArrays, hashJson } from '../checkpoints/fingerprint.js';
import type { PixelStore } from '../data/pixel-store.js';
import { snapshot } from '../optimizer/snapshot.js';
import type { EngineIdentity } from '../run/train-options.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { encodeChunk } from './encode-chunk.js';
import { decodeEntry, encodeEntry, type FeatureEntry } from './feature-entry.js';
import type { FeatureStore } from './feature-store.js';
import { type FeatureColumn, type FeatureName, FeatureTable } from './feature-table.js';

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
  /** Encode one chunk of each split, let it stand for the rest, and count the cost of all. @default false */
  readonly trial?: boolean | undefined;
}

export interface FeatureRequest {
  /** Of the data set; part of no key, only of the memory layer's. */
  readonly split: string;
  readonly pictures: readonly CaptionedPicture[];
  readonly names: readonly FeatureName[];
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
  readonly #store: FeatureStore | undefined;
  readonly #trial: boolean;
  readonly #tables = new Map<string, FeatureTable>();
  #weights: string | undefined;

  constructor(
    parts: ModelParts,
    pixels: PixelStore,
    engine: EngineIdentity,
    options: FeatureCacheOptions = {},
  ) {
    this.#parts = parts;
    this.#pixels = pixels;
    this.#engine = engine;
    this.#store = options.store;
    this.#trial = options.trial ?? false;
  }

  /** Called before a segment: forgets what older weights of the encoder gave. */
  async refresh(): Promise<void> {
    const { encoder } = this.#parts;
    const named = encoder.parameters().map(({ name, variable }) => ({ name, variable }));
    const weights = await hashArrays(await snapshot(named));
    if (weights === this.#weights) return;
    this.#weights = weights;
    this.forget();
  }

  /** Empties the memory layer. */
  forget(): void {
    this.#tables.clear();
  }

  /** Features of a split's pictures, in their order. */
  async table({ split, pictures, names, onProgress }: FeatureRequest): Promise<FeatureTable> {
    const memoryKey = `${split} ${[...names].sort()}`;
    const known = this.#tables.get(memoryKey);
    if (known) return known;
    const entries: FeatureEntry[] = [];
    const wanted = this.#trial ? Math.min(CHUNK_SIZE, pictures.length) : pictures.length;
    for (let start = 0; start < wanted; start += CHUNK_SIZE) {
      await yieldToEventLoop();
      entries.push(await this.#chunk(pictures.slice(start, start + CHUNK_SIZE), names));
      onProgress?.(Math.min(pictures.length, start + CHUNK_SIZE), pictures.length);
    }
    // In a trial the pictures beyond the first chunk would have cost as much each.
    this.counts.multiplyAdds += (entries[0]!.multiplyAdds * (pictures.length - wanted)) / wanted;
    const table = new FeatureTable(new Map(names.map((name) => [name, joinColumns(entries, name)])), wanted);
    this.#tables.set(memoryKey, table);
    return table;
  }

  async #chunk(pictures: readonly CaptionedPicture[], names: readonly FeatureName[]): Promise<FeatureEntry> {
    const key = await hashJson({
      format: 1,
      weights: this.#weights,
      preprocessing: this.#parts.encoder.preprocessing,
      pictures: pictures.map(({ fingerprint }) => fingerprint),
      names: [...names].sort(),
      engine: this.#engine,
      chunkSize: CHUNK_SIZE,
    });
    const bytes = await this.#store?.read(key);
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
      await this.#store?.write(key, await encodeEntry(entry));
    } catch {
      // A full disk must not end a run that needs no cache; the count is reported.
      this.counts.unwritten += 1;
    }
    return entry;
  }
}

function joinColumns(entries: readonly FeatureEntry[], name: FeatureName): FeatureColumn {
  const columns = entries.map((entry) => entry.columns.get(name)!);
  const data = new Float32Array(columns.reduce((sum, column) => sum + column.data.length, 0));
  let start = 0;
  for (const column of columns) {
    data.set(column.data, start);
    start += column.data.length;
  }
  return { shape: columns[0]!.shape, data };
}
