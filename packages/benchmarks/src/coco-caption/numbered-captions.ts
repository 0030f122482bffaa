import { NumberList } from './number-list.js';
import type { WordTable } from './word-table.js';

/** Captions as the numbers of their words, one caption after the other. */
export interface NumberedCaptions {
  readonly words: Int32Array;
  /** Where each caption begins in `words`, and the last one ends: one more than there are captions. */
  readonly starts: Int32Array;
}

/** Words between single spaces, as `join(' ')` put them there: an empty caption is one empty word. */
export function numberTexts(texts: readonly string[], table: WordTable): NumberedCaptions {
  const words = new NumberList(texts.length * 12 + 1);
  const starts = new Int32Array(texts.length + 1);
  for (const [index, text] of texts.entries()) {
    for (const word of text.split(' ')) words.push(table.number(word));
    starts[index + 1] = words.length;
  }
  return { words: words.values(), starts };
}
