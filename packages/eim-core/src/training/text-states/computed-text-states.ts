import type { Tensor3D } from '@eim/contracts/model';
import type { RowTokens } from '../../rows/row-tokens.js';
import { lengthFor } from '../data/tokenised-rows.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import type { FeatureCounts } from '../feature-cache/feature-cache.js';
import { encodeTexts, type PlacedText, type TextEncoding } from './encode-texts.js';
import { gatherStates, type TextRecord } from './gather-states.js';
import { placeTexts } from './place-texts.js';
import type { ShownText, TextStateSource } from './text-state-source.js';

/**
 * Hidden states computed anew whenever they are asked for, and not kept: in chunks like those that are kept, so that they are
 * the same numbers.
 */
export class ComputedTextStates implements TextStateSource {
  readonly #encoding: TextEncoding;
  readonly #counts: FeatureCounts;
  readonly #rows: ReadonlyMap<RowTokens, number>;

  constructor(encoding: TextEncoding, counts: FeatureCounts) {
    this.#encoding = encoding;
    this.#counts = counts;
    this.#rows = placeTexts(encoding.split.texts);
  }

  async gather(texts: readonly ShownText[], textLength: number): Promise<Tensor3D> {
    const { split } = this.#encoding;
    const records: (TextRecord | undefined)[] = texts.map(() => undefined);
    let sizes: Parameters<typeof gatherStates>[2] | undefined;
    for (const { length } of split.texts.lengths) {
      const own = [...texts.entries()].flatMap(([index, { tokens, view }]) =>
        tokens && lengthFor(split.texts, [tokens]).length === length
          ? [{ index, tokens, view, row: this.#rows.get(tokens)! }]
          : [],
      );
      for (let start = 0; start < own.length; start += CHUNK_SIZE) {
        const chunk = own.slice(start, start + CHUNK_SIZE);
        const states = await this.#encode(chunk, length);
        chunk.forEach(({ index }, place) => {
          records[index] = { record: states.records[place]!, textLength: length };
        });
        sizes ??= { ...states, textLength: length };
      }
    }
    return gatherStates(records, textLength, sizes!);
  }

  /** What fills a chunk up is paid at every step, so it counts. */
  async #encode(chunk: readonly PlacedText[], textLength: number) {
    const states = await encodeTexts(this.#encoding, chunk, textLength);
    this.#counts.multiplyAdds += states.multiplyAdds;
    return states;
  }
}
