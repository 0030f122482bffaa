/** Two neighbouring symbols of a word, by id. */
type Pair = readonly [left: number, right: number];

interface Word {
  symbols: number[];
  readonly count: number;
}

/** Where a pair occurs and how often in all. */
interface PairStatistics {
  readonly pair: Pair;
  count: number;
  /** Words that hold the pair, or held it once. */
  readonly words: Set<Word>;
}

/** Ids stay far below this, so a pair packs into one exact number. */
const PAIR_BASE = 2 ** 26;

/** The pairs of a training run, kept up to date as words change. */
class PairCounts {
  private readonly pairs = new Map<number, PairStatistics>();

  addWord(word: Word): void {
    this.change(word, 1);
  }

  removeWord(word: Word): void {
    this.change(word, -1);
  }

  private change(word: Word, sign: 1 | -1): void {
    for (let i = 1; i < word.symbols.length; i++) {
      const pair: Pair = [word.symbols[i - 1]!, word.symbols[i]!];
      const key = pair[0] * PAIR_BASE + pair[1];
      let statistics = this.pairs.get(key);
      if (!statistics) {
        statistics = { pair, count: 0, words: new Set() };
        this.pairs.set(key, statistics);
      }
      statistics.count += sign * word.count;
      if (sign > 0) statistics.words.add(word);
      else if (statistics.count === 0) this.pairs.delete(key);
    }
  }

  /** The most frequent pair; among equals the one of the smallest ids. */
  mostFrequent(): PairStatistics | undefined {
    let best: PairStatistics | undefined;
    for (const candidate of this.pairs.values()) {
      if (!best || candidate.count > best.count) best = candidate;
      else if (candidate.count === best.count && comparePairs(candidate.pair, best.pair) < 0)
        best = candidate;
    }
    return best;
  }
}

function comparePairs(a: Pair, b: Pair): number {
  return a[0] - b[0] || a[1] - b[1];
}

export interface MergeLimits {
  /** Ids in all, those in `symbols` included. */
  readonly vocabularySize: number;
  /** A pair that occurs less often is not merged. */
  readonly minimumFrequency: number;
}

/**
 * Byte-pair encoding (Sennrich et al. 2016, section 3.2): merges the most frequent pair again and again.
 * Equal frequencies go to the pair of the smallest ids, as in the Python library, so the result depends on
 * the word counts alone.
 * @param words spellings in symbols, with counts
 * @param symbols by id; grows by one for each merge that spells a new symbol
 * @returns the merges in order, by symbol
 */
export function learnMerges(
  words: ReadonlyMap<string, number>,
  symbols: string[],
  { vocabularySize, minimumFrequency }: MergeLimits,
): [left: string, right: string][] {
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]));
  const counts = new PairCounts();
  for (const [spelling, count] of words) {
    counts.addWord({ symbols: Array.from(spelling, (symbol) => ids.get(symbol)!), count });
  }
  const merges: [string, string][] = [];
  while (symbols.length < vocabularySize) {
    const best = counts.mostFrequent();
    if (!best || best.count < minimumFrequency) break;
    const [left, right] = best.pair;
    const merged = symbols[left]! + symbols[right]!;
    let id = ids.get(merged);
    if (id === undefined) {
      id = symbols.push(merged) - 1;
      ids.set(merged, id);
    }
    merges.push([symbols[left]!, symbols[right]!]);
    for (const word of [...best.words]) {
      counts.removeWord(word);
      word.symbols = mergePair(word.symbols, best.pair, id);
      counts.addWord(word);
    }
  }
  return merges;
}

/** Replaces the pair from left to right. */
function mergePair(symbols: readonly number[], [left, right]: Pair, id: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      merged.push(id);
      i++;
    } else merged.push(symbols[i]!);
  }
  return merged;
}
