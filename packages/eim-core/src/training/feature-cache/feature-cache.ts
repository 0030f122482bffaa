import type { Picture } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { hashJson } from '../checkpoints/fingerprint.js';
import type { MemoryBudget } from '../data/memory-budget.js';
import type { PixelStore } from '../data/pixel-store.js';
import type { OpenSpillFile } from '../data/record-store.js';
import type { EngineIdentity } from '../run/engine-identity.js';
import { shareCounts } from '../sharing/share-counts.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { ComputedFeatures } from './computed-features.js';
import { CHUNK_SIZE, encodeChunk, type ShownPicture } from './encode-chunk.js';
import type { FeatureEntry } from './feature-entry.js';
import { FeatureLayout } from './feature-layout.js';
import type { FeatureSource } from './feature-source.js';
import type { FeatureStore } from './feature-store.js';
import { FeatureTable, featureViews } from './feature-table.js';
import { keptEntry, type StoreFaults } from './kept-entry.js';
import { type PicturePrefix, prefixWeights } from './picture-prefix.js';
import type { PictureView } from './picture-view.js';
import { probePrefix } from './probe-prefix.js';
import { type EncodingGroup, sharedChunks } from './shared-chunks.js';
import { WeightHashes } from './weight-hashes.js';

/** What came of the pictures asked for. An augmented view counts as a picture. */
export interface FeatureCounts extends StoreFaults {
  /** Pictures run through the encoder. */
  encoded: number;
  /** Pictures read from the store. */
  read: number;
  /** Cost of all of them, as if none had been in the store. */
  multiplyAdds: number;
}

export interface FeatureCacheOptions {
  readonly store?: FeatureStore | undefined;
  readonly budget: MemoryBudget;
  /** Where features go for which the budget has no room. Absent: all stay in memory. */
  readonly openSpillFile?: OpenSpillFile | undefined;
  /** False: nothing is kept, and features are computed anew for each batch. @default true */
  readonly keep?: boolean | undefined;
  /** Processes that encode together what all of them ask for. Absent: this one does all by itself. */
  readonly group?: EncodingGroup | undefined;
}

/** @param stops whether any of the processes that encode together is asked to stop; undefined where this one encodes by itself */
type OnEncoded = (done: number, total: number, stops?: boolean) => void;

export interface FeatureRequest extends PicturePrefix {
  /** The split's name. Only keys of the memory layer contain it. */
  readonly split: string;
  readonly pictures: readonly Picture[];
  /** An augmented view of them. Absent: the pictures as they are. */
  readonly view?: PictureView | undefined;
  readonly onProgress?: OnEncoded | undefined;
  /** Whether all processes of the group ask for this at the same time: each then encodes its share. @default false */
  readonly together?: boolean | undefined;
}

export interface FeatureViewsRequest extends Omit<FeatureRequest, 'view'> {
  /** Augmented views, each of all pictures. Absent: the pictures as they are. */
  readonly views?: readonly PictureView[] | undefined;
}

interface HeldTable {
  readonly table: FeatureTable;
  readonly prefix: PicturePrefix;
  /** Hash of the weights that it was made with. */
  readonly weights: string;
}

/**
 * Outputs of what does not learn, once a picture: in memory, and in a store where there is one.
 * A store entry is one chunk of 32 pictures, keyed by the hash of everything that its numbers depend on.
 */
export class FeatureCache {
  readonly counts: FeatureCounts = { encoded: 0, read: 0, damaged: 0, unwritten: 0, multiplyAdds: 0 };
  readonly #parts: ModelParts;
  readonly #pixels: PixelStore;
  readonly #engine: EngineIdentity;
  readonly #options: FeatureCacheOptions;
  readonly #tables = new Map<string, HeldTable>();
  readonly #hashes = new WeightHashes();
  /** What prefixes do with a fixed picture, by names and weights. */
  readonly #probes = new Map<string, string>();

  constructor(parts: ModelParts, pixels: PixelStore, engine: EngineIdentity, options: FeatureCacheOptions) {
    this.#parts = parts;
    this.#pixels = pixels;
    this.#engine = engine;
    this.#options = options;
  }

  /** Called before a segment: forgets what older weights gave. */
  async refresh(): Promise<void> {
    this.#hashes.forget();
    for (const [key, { prefix, weights }] of [...this.#tables]) {
      if ((await this.#weightsOf(prefix)) !== weights) await this.#drop(key);
    }
  }

  /** Frees all features that are held. */
  async forget(): Promise<void> {
    const held = [...this.#tables.values()];
    this.#tables.clear();
    for (const { table } of held) await table.close();
  }

  /** Features of a split's pictures, or of views of them, as the cache has been told to get them. */
  async source({ views, onProgress, ...request }: FeatureViewsRequest): Promise<FeatureSource> {
    const { pictures } = request;
    const wanted: readonly (PictureView | undefined)[] = views ?? [undefined];
    if (this.#options.keep === false) {
      return new ComputedFeatures({
        viewCount: wanted.length,
        show: (picture, view) => ({ picture: pictures[picture]!, view: wanted[view] }),
        encode: (chunk) => this.#encode(chunk, request),
      });
    }
    const tables: FeatureTable[] = [];
    for (const [index, view] of wanted.entries()) {
      const told: OnEncoded = (done, _, stops) =>
        onProgress?.(index * pictures.length + done, wanted.length * pictures.length, stops);
      tables.push(await this.table({ ...request, view, onProgress: told }));
    }
    return featureViews(tables);
  }

  /** Features of a split's pictures, in their order. */
  async table({
    split,
    pictures,
    view,
    onProgress,
    together = false,
    ...prefix
  }: FeatureRequest): Promise<FeatureTable> {
    const key = JSON.stringify([split, prefix, view]);
    const group = together ? this.#options.group : undefined;
    const known = this.#tables.get(key);
    if (await everyoneHas(group, known !== undefined)) return known!.table;
    if (known) await this.#drop(key);
    const weights = await this.#weightsOf(prefix);
    const { budget, openSpillFile } = this.#options;
    let table: FeatureTable | undefined;
    try {
      const chunks = chunksOf(pictures, view);
      let done = 0;
      for await (const { entries, stops } of this.#rounds(chunks, prefix, weights, group)) {
        for (const { columns } of entries) {
          table ??= new FeatureTable(new FeatureLayout(columns), { budget, openSpillFile });
          await table.append(columns, chunks[done++]!.length);
        }
        onProgress?.(Math.min(pictures.length, done * CHUNK_SIZE), pictures.length, stops);
      }
    } catch (error) {
      await table?.close();
      throw error;
    }
    this.#tables.set(key, { table: table!, prefix, weights });
    return table!;
  }

  /** Entries of all chunks: one by one, or one of each process. */
  async *#rounds(
    chunks: readonly (readonly ShownPicture[])[],
    prefix: PicturePrefix,
    weights: string,
    group: EncodingGroup | undefined,
  ): AsyncGenerator<{ readonly entries: readonly FeatureEntry[]; readonly stops?: boolean }> {
    const entryOf = async (chunk: number) => {
      await yieldToEventLoop();
      return this.#chunk(chunks[chunk]!, prefix, weights);
    };
    if (!group) {
      for (const chunk of chunks.keys()) yield { entries: [await entryOf(chunk)] };
      return;
    }
    const lengths = chunks.map(({ length }) => length);
    const before = this.counts.multiplyAdds;
    let cost = 0;
    for await (const round of sharedChunks(group, prefix.names, lengths, entryOf)) {
      // As if this process had encoded all.
      cost += round.entries.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
      this.counts.multiplyAdds = before + cost;
      yield round;
    }
  }

  async #drop(key: string): Promise<void> {
    const { table } = this.#tables.get(key)!;
    this.#tables.delete(key);
    await table.close();
  }

  /** A chunk from the store, or computed and stored. */
  async #chunk(
    chunk: readonly ShownPicture[],
    prefix: PicturePrefix,
    weights: string,
  ): Promise<FeatureEntry> {
    const { counts } = this;
    const key = () => this.#keyOf(chunk, prefix, weights);
    const { entry, wasStored } = await keptEntry(this.#options.store, key, counts, async () => {
      const { columns, multiplyAdds } = await encodeChunk(this.#parts, this.#pixels, chunk, prefix);
      // What fills a short chunk up is no picture of the run.
      return { columns, multiplyAdds: multiplyAdds * (chunk.length / CHUNK_SIZE) };
    });
    counts[wasStored ? 'read' : 'encoded'] += chunk.length;
    counts.multiplyAdds += entry.multiplyAdds;
    return entry;
  }

  /** A chunk computed for one batch: what fills it up is paid at every step, so it counts. */
  async #encode(chunk: readonly ShownPicture[], { names }: PicturePrefix): Promise<FeatureEntry> {
    const entry = await encodeChunk(this.#parts, this.#pixels, chunk, { names }, { keepPixels: true });
    this.counts.encoded += chunk.length;
    this.counts.multiplyAdds += entry.multiplyAdds;
    return entry;
  }

  async #keyOf(chunk: readonly ShownPicture[], prefix: PicturePrefix, weights: string): Promise<string> {
    const [{ view }] = chunk as [ShownPicture];
    return await hashJson({
      format: 2,
      weights,
      behaviour: await this.#behaviourOf(prefix, weights),
      preprocessing: this.#parts.encoder.preprocessing,
      pictures: chunk.map(({ picture }) => picture.fingerprint),
      view,
      names: prefix.names,
      engine: this.#engine,
      chunkSize: CHUNK_SIZE,
    });
  }

  /** Weights don't tell everything: two models may hold the same ones and differ in an activation. */
  async #behaviourOf(prefix: PicturePrefix, weights: string): Promise<string> {
    const key = JSON.stringify([prefix, weights]);
    let behaviour = this.#probes.get(key);
    if (!behaviour) {
      behaviour = await probePrefix(this.#parts, this.#pixels, prefix);
      this.#probes.set(key, behaviour);
    }
    return behaviour;
  }

  #weightsOf(prefix: PicturePrefix): Promise<string> {
    return this.#hashes.of(prefixWeights(this.#parts, prefix));
  }
}

const chunksOf = (pictures: readonly Picture[], view: PictureView | undefined): ShownPicture[][] =>
  Array.from({ length: Math.ceil(pictures.length / CHUNK_SIZE) }, (_, chunk) =>
    pictures.slice(chunk * CHUNK_SIZE, (chunk + 1) * CHUNK_SIZE).map((picture) => ({ picture, view })),
  );

/** Whether all processes of a group have what this one has or has not. */
async function everyoneHas(group: EncodingGroup | undefined, has: boolean): Promise<boolean> {
  if (!group) return has;
  const [count] = await shareCounts(group, [Number(has)]);
  return count === group.size;
}
