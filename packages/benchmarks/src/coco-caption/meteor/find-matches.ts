import { type Match, METEOR_MODULES, type MeteorModule } from './match.js';
import type { Paraphrases } from './paraphrases.js';
import { addPhraseMatches } from './phrase-matches.js';
import { stemWord } from './stem-word.js';
import type { Synonyms } from './synonyms.js';

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
  const addWords = (module: number, agree: (left: string, right: string) => boolean) => {
    for (const [referenceStart, word] of reference.entries()) {
      for (const [hypothesisStart, other] of hypothesis.entries()) {
        if (!agree(other, word)) continue;
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
  for (const [module, name] of METEOR_MODULES.entries()) {
    if (!modules.has(name)) continue;
    if (name === 'exact') addWords(module, (left, right) => left === right);
    else if (name === 'stem') {
      addWords(module, (left, right) => left !== right && stemWord(left) === stemWord(right));
    } else if (name === 'synonym') {
      addWords(module, (left, right) => left !== right && synonyms.share(left, right));
    } else if (paraphrases) addPhraseMatches(matches, module, hypothesis, reference, paraphrases);
  }
  return matches;
}
