import { isWholeMatch, type MeteorStatistics } from './meteor-statistics.js';

/** METEOR 1.5's parameters for English (Denkowski & Lavie, WMT 2014, table 2). */
const ALPHA = 0.85;
const BETA = 0.2;
const GAMMA = 0.6;
const DELTA = 0.75;
/** By module: exact, stem, synonym, paraphrase. */
const WEIGHTS = [1, 0.6, 0.8, 0.6];

/**
 * METEOR of counted sentences: the weighted harmonic mean of precision and recall, in which function words
 * count `1 - delta`, less a penalty for the number of chunks (Denkowski & Lavie, WMT 2014, section 2.2).
 */
export function meteorScore(statistics: MeteorStatistics): number {
  const precision = ratio(
    weightedMatches(statistics.hypothesisContent, statistics.hypothesisFunction),
    weightedLength(statistics.hypothesisLength, statistics.hypothesisFunctionWords),
  );
  const recall = ratio(
    weightedMatches(statistics.referenceContent, statistics.referenceFunction),
    weightedLength(statistics.referenceLength, statistics.referenceFunctionWords),
  );
  const mean = ratio(precision * recall, ALPHA * precision + (1 - ALPHA) * recall);
  return mean * (1 - GAMMA * fragmentation(statistics) ** BETA);
}

function weightedMatches(content: readonly number[], functions: readonly number[]): number {
  return WEIGHTS.reduce(
    (sum, weight, module) => sum + weight * (DELTA * content[module]! + (1 - DELTA) * functions[module]!),
    0,
  );
}

function weightedLength(words: number, functionWords: number): number {
  return DELTA * (words - functionWords) + (1 - DELTA) * functionWords;
}

/** Chunks by matched word; 0 where both sentences are matched as a whole in one chunk. */
function fragmentation(statistics: MeteorStatistics): number {
  const { chunks, hypothesisMatches, referenceMatches } = statistics;
  return isWholeMatch(statistics) ? 0 : ratio(chunks, (hypothesisMatches + referenceMatches) / 2);
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
