import type { TokenisedPicture } from '../tokenised-picture.js';
import { align } from './align.js';
import { findMatches, type MatchSources } from './find-matches.js';
import type { MeteorModule } from './match.js';
import { meteorScore } from './meteor-score.js';
import { countAlignment, type MeteorStatistics, sumStatistics } from './meteor-statistics.js';
import { normaliseText } from './normalise-text.js';
import type { Paraphrases } from './paraphrases.js';
import type { MeteorResources } from './resources.js';
import { Synonyms } from './synonyms.js';

export interface MeteorOptions {
  readonly resources: MeteorResources;
  /** From `readParaphrases`; without it the paraphrase module is off. */
  readonly paraphrases?: Paraphrases;
  /** @default all for which there is data */
  readonly modules?: readonly MeteorModule[];
}

export interface SentenceMeteor {
  readonly score: number;
  readonly statistics: MeteorStatistics;
}

export interface MeteorResult {
  /** Of the summed statistics of all sentences, not the mean: what the official program prints as final score. */
  readonly corpus: number;
  readonly perPicture: readonly number[];
}

/** METEOR 1.5 for English, as `java -jar meteor-1.5.jar - - -stdio -l en -norm` computes it. */
export class Meteor {
  readonly #resources: MeteorResources;
  readonly #sources: MatchSources;
  readonly #normalised = new Map<string, readonly string[]>();

  constructor({ resources, paraphrases, modules }: MeteorOptions) {
    this.#resources = resources;
    this.#sources = {
      modules: new Set(modules ?? ['exact', 'stem', 'synonym', 'paraphrase']),
      synonyms: new Synonyms(resources),
      paraphrases,
    };
  }

  /** A sentence against the one of its references that gives the highest score, the first of equals. */
  sentence({ candidate, references }: TokenisedPicture): SentenceMeteor {
    const hypothesis = this.#normalise(candidate);
    let best: SentenceMeteor | undefined;
    for (const text of references) {
      const reference = this.#normalise(text);
      const candidates = findMatches(hypothesis, reference, this.#sources);
      const alignment = align(candidates, hypothesis.length);
      const statistics = countAlignment(hypothesis, reference, alignment, this.#resources.functionWords);
      const score = meteorScore(statistics);
      if (best === undefined || score > best.score) best = { score, statistics };
    }
    return best!;
  }

  score(pictures: readonly TokenisedPicture[]): MeteorResult {
    const sentences = pictures.map((picture) => this.sentence(picture));
    return {
      corpus: meteorScore(sumStatistics(sentences.map(({ statistics }) => statistics))),
      perPicture: sentences.map(({ score }) => score),
    };
  }

  #normalise(text: string): readonly string[] {
    let words = this.#normalised.get(text);
    if (words === undefined) {
      words = normaliseText(text, this.#resources.prefixes);
      this.#normalised.set(text, words);
    }
    return words;
  }
}

/** Every word of the captions after normalising: what `readParaphrases` has to keep. */
export function meteorVocabulary(
  pictures: readonly TokenisedPicture[],
  resources: MeteorResources,
): Set<string> {
  const vocabulary = new Set<string>();
  for (const { candidate, references } of pictures) {
    for (const text of [candidate, ...references]) {
      for (const word of normaliseText(text, resources.prefixes)) vocabulary.add(word);
    }
  }
  return vocabulary;
}
