import type { Match } from './match.js';
import { METEOR_MODULES } from './match.js';

/** What METEOR is computed from; adds up over sentences. */
export interface MeteorStatistics {
  readonly hypothesisLength: number;
  readonly referenceLength: number;
  readonly hypothesisFunctionWords: number;
  readonly referenceFunctionWords: number;
  /** By module: matched words that are no function words, of hypothesis and reference. */
  readonly hypothesisContent: readonly number[];
  readonly referenceContent: readonly number[];
  readonly hypothesisFunction: readonly number[];
  readonly referenceFunction: readonly number[];
  readonly chunks: number;
  readonly hypothesisMatches: number;
  readonly referenceMatches: number;
}

/**
 * Counts an alignment.
 * @param hypothesis numbers of words
 * @param reference numbers of words
 * @param isFunction by word: 1 where it is a function word
 */
export function countAlignment(
  hypothesis: Int32Array,
  reference: Int32Array,
  alignment: readonly Match[],
  isFunction: Uint8Array,
): MeteorStatistics {
  const byModule = () => METEOR_MODULES.map(() => 0);
  const hypothesisContent = byModule();
  const referenceContent = byModule();
  const hypothesisFunction = byModule();
  const referenceFunction = byModule();
  let chunks = 0;
  let hypothesisMatches = 0;
  let referenceMatches = 0;
  let hypothesisEnd = -1;
  let referenceEnd = -1;
  for (const match of alignment) {
    const { module, hypothesisStart, hypothesisLength, referenceStart, referenceLength } = match;
    for (let word = 0; word < hypothesisLength; word++) {
      const counts =
        isFunction[hypothesis[hypothesisStart + word]!] === 1 ? hypothesisFunction : hypothesisContent;
      counts[module]!++;
    }
    for (let word = 0; word < referenceLength; word++) {
      const counts =
        isFunction[reference[referenceStart + word]!] === 1 ? referenceFunction : referenceContent;
      counts[module]!++;
    }
    if (hypothesisStart !== hypothesisEnd || referenceStart !== referenceEnd) chunks++;
    hypothesisEnd = hypothesisStart + hypothesisLength;
    referenceEnd = referenceStart + referenceLength;
    hypothesisMatches += hypothesisLength;
    referenceMatches += referenceLength;
  }
  return {
    hypothesisLength: hypothesis.length,
    referenceLength: reference.length,
    hypothesisFunctionWords: countFunctions(hypothesis, isFunction),
    referenceFunctionWords: countFunctions(reference, isFunction),
    hypothesisContent,
    referenceContent,
    hypothesisFunction,
    referenceFunction,
    chunks,
    hypothesisMatches,
    referenceMatches,
  };
}

function countFunctions(words: Int32Array, isFunction: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < words.length; at++) count += isFunction[words[at]!]!;
  return count;
}

/** Whether both sentences are matched as a whole, in one chunk. */
export function isWholeMatch(statistics: MeteorStatistics): boolean {
  const { chunks, hypothesisMatches, referenceMatches, hypothesisLength, referenceLength } = statistics;
  return hypothesisMatches === hypothesisLength && referenceMatches === referenceLength && chunks <= 1;
}

/** Field by field; a sentence that is matched as a whole adds no chunk, as in METEOR. */
export function sumStatistics(all: readonly MeteorStatistics[]): MeteorStatistics {
  const total = (field: (statistics: MeteorStatistics) => number) =>
    all.reduce((sum, statistics) => sum + field(statistics), 0);
  const byModule = (field: (statistics: MeteorStatistics) => readonly number[]) =>
    METEOR_MODULES.map((_, module) => total((statistics) => field(statistics)[module]!));
  return {
    hypothesisLength: total((one) => one.hypothesisLength),
    referenceLength: total((one) => one.referenceLength),
    hypothesisFunctionWords: total((one) => one.hypothesisFunctionWords),
    referenceFunctionWords: total((one) => one.referenceFunctionWords),
    hypothesisContent: byModule((one) => one.hypothesisContent),
    referenceContent: byModule((one) => one.referenceContent),
    hypothesisFunction: byModule((one) => one.hypothesisFunction),
    referenceFunction: byModule((one) => one.referenceFunction),
    chunks: total((one) => (isWholeMatch(one) ? 0 : one.chunks)),
    hypothesisMatches: total((one) => one.hypothesisMatches),
    referenceMatches: total((one) => one.referenceMatches),
  };
}
