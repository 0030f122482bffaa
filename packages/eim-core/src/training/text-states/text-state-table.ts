import type { Tensor3D } from '@eim/contracts/model';
import type { RowTokens } from '../../rows/row-tokens.js';
import { RecordStore, type RecordStoreOptions } from '../data/record-store.js';
import { lengthFor } from '../data/tokenised-rows.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import type { FeatureCounts } from '../feature-cache/feature-cache.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { encodeTexts, type PlacedText, type TextEncoding, type TextStates } from './encode-texts.js';
import { gatherStates, type TextRecord } from './gather-states.js';
import { placeTexts } from './place-texts.js';
import type { ShownText, TextStateSource } from './text-state-source.js';

/** Texts of one length. */
interface Shelf {
  readonly textLength: number;
  readonly sizes: Pick<TextStates, 'positions' | 'hiddenSize'>;
  readonly records: RecordStore;
}

interface TableOptions extends Omit<RecordStoreOptions, 'recordBytes'> {
  /** Called after each chunk of texts. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Hidden states of a split's texts: one record for each text and view, in bounded memory and then on disk. */
export class TextStateTable implements TextStateSource {
  readonly #storage: TableOptions;
  readonly #shelves: Shelf[] = [];
  /** Where the records of a text are: the one of view v is at `first + v`. */
  readonly #places = new Map<RowTokens, { readonly shelf: Shelf; readonly first: number }>();

  private constructor(storage: TableOptions) {
    this.#storage = storage;
  }

  /** Runs all texts of a split, in all views of their pictures, once. @param counts gets what it costs */
  static async create(
    encoding: TextEncoding,
    counts: FeatureCounts,
    storage: TableOptions,
  ): Promise<TextStateTable> {
    const table = new TextStateTable(storage);
    try {
      await table.#fill(encoding, counts);
      return table;
    } catch (error) {
      await table.close();
      throw error;
    }
  }

  async gather(texts: readonly ShownText[], textLength: number): Promise<Tensor3D> {
    const records: (TextRecord | undefined)[] = [];
    for (const { tokens, view } of texts) {
      const place = tokens && this.#places.get(tokens)!;
      records.push(place && (await readRecord(place.shelf, place.first + view)));
    }
    const [shelf] = this.#shelves as [Shelf];
    return gatherStates(records, textLength, { ...shelf.sizes, textLength: shelf.textLength });
  }

  async close(): Promise<void> {
    for (const { records } of this.#shelves) await records.close();
  }

  async #fill(encoding: TextEncoding, counts: FeatureCounts): Promise<void> {
    const { split } = encoding;
    const { images, texts } = split;
    const viewCount = images && 'features' in images ? images.features.viewCount : 1;
    const rows = [...placeTexts(texts)];
    const total = rows.length * viewCount;
    let done = 0;
    for (const { length } of texts.lengths) {
      const own = rows.filter(([tokens]) => lengthFor(texts, [tokens]).length === length);
      const shown = own.flatMap(([tokens, row]) =>
        Array.from({ length: viewCount }, (_, view): PlacedText => ({ tokens, row, view })),
      );
      let shelf: Shelf | undefined;
      for (let start = 0; start < shown.length; start += CHUNK_SIZE) {
        await yieldToEventLoop();
        const chunk = shown.slice(start, start + CHUNK_SIZE);
        const states = await encodeTexts(encoding, chunk, length);
        // What fills a short chunk up is no text of the run.
        counts.multiplyAdds += states.multiplyAdds * (chunk.length / CHUNK_SIZE);
        shelf ??= this.#addShelf(length, states);
        for (const [place, record] of states.records.entries()) {
          const bytes = new Uint8Array(record.buffer, record.byteOffset, record.byteLength);
          await shelf.records.put(start + place, bytes);
        }
        done += chunk.length;
        this.#storage.onProgress?.(done, total);
      }
      own.forEach(([tokens], index) => {
        this.#places.set(tokens, { shelf: shelf!, first: index * viewCount });
      });
    }
  }

  #addShelf(textLength: number, { positions, hiddenSize }: TextStates): Shelf {
    const { budget, openSpillFile } = this.#storage;
    const recordBytes = positions * hiddenSize * 4;
    const records = new RecordStore({ budget, openSpillFile, recordBytes });
    const shelf = { textLength, sizes: { positions, hiddenSize }, records };
    this.#shelves.push(shelf);
    return shelf;
  }
}

async function readRecord({ records, textLength }: Shelf, index: number): Promise<TextRecord> {
  const { buffer, byteOffset, byteLength } = await records.get(index);
  return { record: new Float32Array(buffer, byteOffset, byteLength / 4), textLength };
}
