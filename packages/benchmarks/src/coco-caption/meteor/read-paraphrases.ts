import { Paraphrases } from './paraphrases.js';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** Bits of a word's hash by which most phrases are passed over without being decoded. */
const FILTER_BITS = 20;
const FILTER_MASK = 2 ** FILTER_BITS - 1;
const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * METEOR's paraphrase table (`paraphrase-en.gz`: probability, phrase and paraphrase, each on its line), of which
 * only the pairs are kept whose words all occur: the whole has five million.
 * @param table the contents of the file, decompressed, in pieces of any size: large ones are read faster
 * @param vocabulary every word of the captions to score
 */
export async function readParaphrases(
  table: AsyncIterable<Uint8Array>,
  vocabulary: ReadonlySet<string>,
): Promise<Paraphrases> {
  const paraphrases = new Paraphrases();
  const filter = vocabularyFilter(vocabulary);
  const decoder = new TextDecoder();
  const isKnown = (phrase: string) => phrase.split(' ').every((word) => vocabulary.has(word));
  let rest = new Uint8Array(0);
  for await (const piece of table) {
    const bytes = joined(rest, piece);
    const end = scanTriples(bytes, filter, (phrase, paraphrase) => {
      const left = decoder.decode(phrase);
      const right = decoder.decode(paraphrase);
      if (isKnown(left) && isKnown(right)) paraphrases.add(left, right);
    });
    rest = bytes.slice(end);
  }
  return paraphrases;
}

/**
 * Calls back for each triple of lines whose words all pass the filter.
 * @returns where the last whole triple ends
 */
function scanTriples(
  bytes: Uint8Array,
  filter: Uint8Array,
  onPair: (phrase: Uint8Array, paraphrase: Uint8Array) => void,
): number {
  let tripleEnd = 0;
  for (;;) {
    const phraseStart = bytes.indexOf(LINE_FEED, tripleEnd) + 1;
    if (phraseStart === 0) return tripleEnd;
    const phraseEnd = bytes.indexOf(LINE_FEED, phraseStart);
    if (phraseEnd < 0) return tripleEnd;
    const end = bytes.indexOf(LINE_FEED, phraseEnd + 1);
    if (end < 0) return tripleEnd;
    if (passes(bytes, phraseStart, phraseEnd, filter) && passes(bytes, phraseEnd + 1, end, filter)) {
      onPair(bytes.subarray(phraseStart, phraseEnd), bytes.subarray(phraseEnd + 1, end));
    }
    tripleEnd = end + 1;
  }
}

function passes(bytes: Uint8Array, start: number, end: number, filter: Uint8Array): boolean {
  let hash = SEED;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === SPACE) {
      if (filter[hash & FILTER_MASK] === 0) return false;
      hash = SEED;
    } else hash = Math.imul(hash ^ byte, PRIME);
  }
  return filter[hash & FILTER_MASK] === 1;
}

function vocabularyFilter(vocabulary: ReadonlySet<string>): Uint8Array {
  const filter = new Uint8Array(2 ** FILTER_BITS);
  const encoder = new TextEncoder();
  for (const word of vocabulary) {
    let hash = SEED;
    for (const byte of encoder.encode(word)) hash = Math.imul(hash ^ byte, PRIME);
    filter[hash & FILTER_MASK] = 1;
  }
  return filter;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}
