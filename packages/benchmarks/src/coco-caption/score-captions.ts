import { EimError } from '@eim/contracts';
import { type BleuCounts, bleu } from './bleu.js';
import { CaptionSet } from './caption-set.js';
import { cider } from './cider.js';
import { countPictures } from './counted-picture.js';
import type { Meteor } from './meteor/meteor.js';
import { NGramTable } from './n-gram-table.js';
import type { TokenisedPicture } from './picture-scores.js';
import { rougeL } from './rouge-l.js';

/** COCO's own names; fractions as the official program prints them (CIDEr may exceed 1). */
export interface CaptionScores {
  readonly Bleu_1: number;
  readonly Bleu_2: number;
  readonly Bleu_3: number;
  readonly Bleu_4: number;
  /** Where a METEOR was given. */
  readonly METEOR?: number;
  readonly ROUGE_L: number;
  /** CIDEr-D: what coco-caption computes and prints under this name. */
  readonly CIDEr: number;
}

export interface CaptionScoreReport {
  readonly corpus: CaptionScores;
  /** In the order of the pictures given. A picture's BLEU is of that picture alone. */
  readonly perPicture: readonly CaptionScores[];
  readonly bleuCounts: BleuCounts;
}

/**
 * Scores raw captions, or tokenised ones with `pretokenized`. All of a set are tokenised as one text, the
 * candidates and then the references, each in the order given, as the official program does.
 */
export function scoreCaptions(
  pictures: readonly TokenisedPicture[],
  { pretokenized = false, meteor }: { pretokenized?: boolean; meteor?: Meteor } = {},
): CaptionScoreReport {
  if (pictures.length === 0 || pictures.some(({ references }) => references.length === 0)) {
    throw new EimError({
      code: 'invalid-data',
      message: 'Captions can only be scored of one picture or more, each with a reference or more.',
    });
  }
  return scoreCaptionSet(
    pretokenized ? CaptionSet.ofTokenised(pictures) : CaptionSet.ofRaw(pictures),
    meteor && { meteor },
  );
}

/** The same of captions in numbers. */
export function scoreCaptionSet(
  set: CaptionSet,
  { meteor }: { readonly meteor?: Meteor } = {},
): CaptionScoreReport {
  // Of people's captions more than half of the n-grams occur once.
  const table = new NGramTable(set.table, set.candidates.words.length + set.references.words.length);
  const counted = countPictures(set, table);
  const bleuResult = bleu(counted);
  const rouge = rougeL(set);
  const ciderResult = cider(counted, table.size);
  const meteorResult = meteor?.score(set);
  return {
    corpus: named(bleuResult.corpus, meteorResult?.corpus, rouge.corpus, ciderResult.corpus),
    perPicture: counted.map((_, index) =>
      named(
        bleuResult.perPicture[index]!,
        meteorResult?.perPicture[index],
        rouge.perPicture[index]!,
        ciderResult.perPicture[index]!,
      ),
    ),
    bleuCounts: bleuResult.counts,
  };
}

/** All captions of a set through the tokeniser. */
export function tokenisePictures(pictures: readonly TokenisedPicture[]): TokenisedPicture[] {
  return CaptionSet.ofRaw(pictures).pictures();
}

function named(
  bleuScores: readonly number[],
  meteorScore: number | undefined,
  rouge: number,
  ciderScore: number,
): CaptionScores {
  return {
    Bleu_1: bleuScores[0]!,
    Bleu_2: bleuScores[1]!,
    Bleu_3: bleuScores[2]!,
    Bleu_4: bleuScores[3]!,
    ...(meteorScore !== undefined && { METEOR: meteorScore }),
    ROUGE_L: rouge,
    CIDEr: ciderScore,
  };
}
