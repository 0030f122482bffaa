import { NumberList } from '../number-list.js';
import { WordTable } from '../word-table.js';
import { Paraphrases } from './paraphrases.js';
import { PhraseTrie, ROOT } from './phrase-trie.js';

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * METEOR's paraphrase table (`paraphrase-en.gz`: probability, phrase and paraphrase, each on its line). The whole
 * has five million pairs and takes seconds.
 * @param table the contents of the file, decompressed, in pieces of any size: large ones are read faster
 */
export async function readParaphrases(table: AsyncIterable<Uint8Array>): Promise<Paraphrases> {
  const builder = new ParaphraseBuilder();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of table) {
    const text = rest + decoder.decode(piece, { stream: true });
    rest = text.slice(builder.addTriples(text));
  }
  return builder.build();
}

class ParaphraseBuilder {
  readonly #words = new WordTable();
  readonly #trie = new PhraseTrie();
  readonly #from = new NumberList(1 << 16);
  readonly #to = new NumberList(1 << 16);
  #lastPhrase = '';
  #lastNode = -1;

  /** @returns where the last whole triple of lines ends */
  addTriples(text: string): number {
    let tripleEnd = 0;
    for (;;) {
      const start = text.indexOf('\n', tripleEnd) + 1;
      const middle = start === 0 ? -1 : text.indexOf('\n', start);
      const end = middle < 0 ? -1 : text.indexOf('\n', middle + 1);
      if (end < 0) return tripleEnd;
      // The table is sorted by phrase.
      if (!this.#isLastPhrase(text, start, middle)) {
        this.#lastPhrase = text.slice(start, middle);
        this.#lastNode = this.#node(text, start, middle);
      }
      this.#from.push(this.#lastNode);
      this.#to.push(this.#node(text, middle + 1, end));
      tripleEnd = end + 1;
    }
  }

  build(): Paraphrases {
    const from = this.#from.values();
    const to = this.#to.values();
    const nodes = this.#trie.size;
    const listStarts = new Int32Array(nodes + 1);
    for (const node of from) listStarts[node + 1]!++;
    for (let node = 0; node < nodes; node++) listStarts[node + 1]! += listStarts[node]!;
    const next = listStarts.slice();
    const others = new Int32Array(to.length);
    for (let pair = 0; pair < from.length; pair++) others[next[from[pair]!]!++] = to[pair]!;
    const wordList = Array.from({ length: this.#words.size }, (_, word) => `${this.#words.word(word)}\n`);
    return new Paraphrases({
      ...withoutRepeats(listStarts, others),
      ...this.#trie.arrays,
      wordList: wordList.join(''),
    });
  }

  #isLastPhrase(text: string, start: number, end: number): boolean {
    return this.#lastPhrase.length === end - start && text.startsWith(this.#lastPhrase, start);
  }

  #node(text: string, start: number, end: number): number {
    let node = ROOT;
    let wordStart = start;
    for (let at = start; at <= end; at++) {
      const code = text.charCodeAt(at);
      if (code !== SPACE && code !== LINE_FEED) continue;
      node = this.#trie.childOrNew(node, this.#words.numberPiece(text, wordStart, at));
      wordStart = at + 1;
    }
    return node;
  }
}

/** Lists in which nothing stands twice; the first stays. */
function withoutRepeats(starts: Int32Array, others: Int32Array) {
  const listStarts = new Int32Array(starts.length);
  const kept = new Int32Array(others.length);
  const seenFrom = new Int32Array(starts.length).fill(-1);
  let length = 0;
  for (let node = 0; node + 1 < starts.length; node++) {
    for (let at = starts[node]!; at < starts[node + 1]!; at++) {
      const other = others[at]!;
      if (seenFrom[other] === node) continue;
      seenFrom[other] = node;
      kept[length++] = other;
    }
    listStarts[node + 1] = length;
  }
  return { listStarts, others: kept.subarray(0, length) };
}
