import { type Match, METEOR_MODULES, type MeteorModule } from './match.js';
import type { WordFacts } from './word-facts.js';

/**
 * Matches of single words, by the reference word where they start, in the order of the modules and then of the
 * hypothesis. Words that are equal are matched by the exact module alone.
 * @param hypothesis numbers of words
 * @param reference numbers of words
 */
export function findWordMatches(
  hypothesis: Int32Array,
  reference: Int32Array,
  facts: WordFacts,
  modules: ReadonlySet<MeteorModule>,
): Match[][] {
  const { stems, bits } = facts;
  const matches: Match[][] = [];
  const exact = modules.has('exact');
  const stem = modules.has('stem');
  const synonym = modules.has('synonym');
  for (let place = 0; place < reference.length; place++) {
    const word = reference[place]!;
    const found: Match[] = [];
    if (exact) {
      for (let at = 0; at < hypothesis.length; at++) {
        if (hypothesis[at] === word) found.push(wordMatch(EXACT, at, place));
      }
    }
    if (stem) {
      const wordStem = stems[word]!;
      for (let at = 0; at < hypothesis.length; at++) {
        const other = hypothesis[at]!;
        if (stems[other] === wordStem && other !== word) found.push(wordMatch(STEM, at, place));
      }
    }
    const wordBits = bits[word]!;
    if (synonym && wordBits !== 0) {
      for (let at = 0; at < hypothesis.length; at++) {
        const other = hypothesis[at]!;
        if ((bits[other]! & wordBits) === 0 || other === word) continue;
        if (facts.areSynonyms(other, word)) found.push(wordMatch(SYNONYM, at, place));
      }
    }
    matches.push(found);
  }
  return matches;
}

function wordMatch(module: number, hypothesisStart: number, referenceStart: number): Match {
  return { module, hypothesisStart, hypothesisLength: 1, referenceStart, referenceLength: 1 };
}

const EXACT = METEOR_MODULES.indexOf('exact');
const STEM = METEOR_MODULES.indexOf('stem');
const SYNONYM = METEOR_MODULES.indexOf('synonym');
