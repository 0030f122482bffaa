import { type Match, METEOR_MODULES, type MeteorModule } from './match.js';
import type { Paraphrases } from './paraphrases.js';
import { addPhraseMatches } from './phrase-matches.js';
import { stemWord } from './stem-word.js';
import { haveCommon, type Synonyms } from './synonyms.js';

export interface MatchSources {
  readonly modules: ReadonlySet<MeteorModule>;
  readonly synonyms: Synonyms;
  /** Needed for the paraphrase module alone. */
  readonly paraphrases: Paraphrases | undefined;
}

/**
 * Every match of two sentences, by the reference word where it starts, in the order of the modules and then of
 * the hypothesis. Words that are equal are matched by the exact module alone.
 */
export function findMatches(
  hypothesis: readonly string[],
  reference: readonly string[],
  { modules, synonyms, paraphrases }: MatchSources,
): Match[][] {
  const matches = reference.map((): Match[] => []);
  const addWords = (module: number, agree: (hypothesisPlace: number, referencePlace: number) => boolean) => {
    for (let referenceStart = 0; referenceStart < reference.length; referenceStart++) {
      for (let hypothesisStart = 0; hypothesisStart < hypothesis.length; hypothesisStart++) {
        if (!agree(hypothesisStart, referenceStart)) continue;
        matches[referenceStart]!.push({
          module,
          hypothesisStart,
          hypothesisLength: 1,
          referenceStart,
          referenceLength: 1,
        });
      }
    }
  };
  const differ = (left: number, right: number) => hypothesis[left] !== reference[right];
  for (const [module, name] of METEOR_MODULES.entries()) {
    if (!modules.has(name)) continue;
    if (name === 'exact') addWords(module, (left, right) => !differ(left, right));
    else if (name === 'stem') {
      const stems = hypothesis.map(stemWord);
      const referenceStems = reference.map(stemWord);
      addWords(module, (left, right) => stems[left] === referenceStems[right] && differ(left, right));
    } else if (name === 'synonym') {
      const sets = hypothesis.map((word) => synonyms.sets(word));
      const referenceSets = reference.map((word) => synonyms.sets(word));
      addWords(
        module,
        (left, right) => differ(left, right) && haveCommon(sets[left]!, referenceSets[right]!),
      );
    } else if (paraphrases) addPhraseMatches(matches, module, hypothesis, reference, paraphrases);
  }
  return matches;
}
