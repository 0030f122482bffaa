import { CaptionSet } from '../caption-set.js';
import type { TokenisedPicture } from '../picture-scores.js';
import { align } from './align.js';
import { findWordMatches } from './find-word-matches.js';
import { METEOR_MODULES, type MeteorModule } from './match.js';
import { meteorScore } from './meteor-score.js';
import { countAlignment, type MeteorStatistics, sumStatistics } from './meteor-statistics.js';
import { numberNormalised } from './number-words.js';
import type { Paraphrases } from './paraphrases.js';
import { PhraseFinder, withoutLoners } from './phrase-lists.js';
import { PhraseMatcher } from './phrase-matches.js';
import type { MeteorResources } from './resources.js';
import { WordFacts } from './word-facts.js';

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

const PARAPHRASE = METEOR_MODULES.indexOf('paraphrase');

/** METEOR 1.5 for English, as `java -jar meteor-1.5.jar - - -stdio -l en -norm` computes it. */
export class Meteor {
  readonly #resources: MeteorResources;
  readonly #paraphrases: Paraphrases | undefined;
  readonly #modules: ReadonlySet<MeteorModule>;

  constructor({ resources, paraphrases, modules = METEOR_MODULES }: MeteorOptions) {
    this.#resources = resources;
    this.#modules = new Set(modules);
    this.#paraphrases = this.#modules.has('paraphrase') ? paraphrases : undefined;
  }

  /** A sentence against the one of its references that gives the highest score, the first of equals. */
  sentence(picture: TokenisedPicture): SentenceMeteor {
    return this.#sentences(CaptionSet.ofTokenised([picture]))[0]!;
  }

  score(captions: CaptionSet): MeteorResult {
    const sentences = this.#sentences(captions);
    return {
      corpus: meteorScore(sumStatistics(sentences.map(({ statistics }) => statistics))),
      perPicture: sentences.map(({ score }) => score),
    };
  }

  #sentences(captions: CaptionSet): SentenceMeteor[] {
    const { prefixes } = this.#resources;
    const hypotheses = numberNormalised(captions, captions.candidates, prefixes);
    const references = numberNormalised(captions, captions.references, prefixes);
    const facts = new WordFacts(captions.table, this.#resources);
    const phrases = this.#phraseMatcher(captions, hypotheses, references);
    return Array.from({ length: captions.size }, (_, picture) => {
      const hypothesis = hypotheses.words.subarray(
        hypotheses.starts[picture],
        hypotheses.starts[picture + 1],
      );
      let best: SentenceMeteor | undefined;
      for (let at = captions.referenceStarts[picture]!; at < captions.referenceStarts[picture + 1]!; at++) {
        const reference = references.words.subarray(references.starts[at], references.starts[at + 1]);
        const matches = findWordMatches(hypothesis, reference, facts, this.#modules);
        phrases?.add(matches, PARAPHRASE, picture, at);
        const alignment = align(matches, hypothesis.length);
        const statistics = countAlignment(hypothesis, reference, alignment, facts.isFunction);
        const score = meteorScore(statistics);
        if (best === undefined || score > best.score) best = { score, statistics };
      }
      return best!;
    });
  }

  #phraseMatcher(
    { table }: CaptionSet,
    hypotheses: CaptionSet['candidates'],
    references: CaptionSet['references'],
  ): PhraseMatcher | undefined {
    if (this.#paraphrases === undefined) return undefined;
    const finder = new PhraseFinder(table, this.#paraphrases);
    const found = [hypotheses, references].map((captions) => finder.find(captions));
    const lists = finder.lists();
    const [inHypotheses, inReferences] = found.map((one) => withoutLoners(one, lists));
    return new PhraseMatcher(inHypotheses!, inReferences!, lists);
  }
}
