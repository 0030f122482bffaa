import { EimError } from '@eim/core/contracts';
import { type BleuCounts, bleu } from './bleu.js';
import { cider } from './cider.js';
import { countPictures } from './counted-picture.js';
import type { Meteor } from './meteor/meteor.js';
import { NGramTable } from './n-gram-table.js';
import type { PairedPicture } from './pair-captions.js';
import { rougeL } from './rouge-l.js';
import { tokeniseCaptions } from './tokenise-captions.js';
import type { TokenisedPicture } from './tokenised-picture.js';

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
  pictures: readonly Pick<PairedPicture, 'candidate' | 'references'>[],
  { pretokenized = false, meteor }: { pretokenized?: boolean; meteor?: Meteor } = {},
): CaptionScoreReport {
  if (pictures.length === 0 || pictures.some(({ references }) => references.length === 0)) {
    throw new EimError({
      code: 'invalid-data',
      message: 'Captions can only be scored of one picture or more, each with a reference or more.',
    });
  }
  const tokenised = pretokenized ? pictures : tokenisePictures(pictures);
  const table = new NGramTable();
  const counted = countPictures(tokenised, table);
  const bleuResult = bleu(counted);
  const rouge = rougeL(tokenised);
  const ciderResult = cider(counted, table.size);
  const meteorResult = meteor?.score(tokenised);
  return {
    corpus: named(bleuResult.corpus, meteorResult?.corpus, rouge.corpus, ciderResult.corpus),
    perPicture: tokenised.map((_, index) =>
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
export function tokenisePictures(
  pictures: readonly Pick<PairedPicture, 'candidate' | 'references'>[],
): TokenisedPicture[] {
  const candidates = tokeniseCaptions(pictures.map(({ candidate }) => candidate));
  const references = tokeniseCaptions(pictures.flatMap((picture) => picture.references));
  let next = 0;
  return pictures.map((picture, index) => {
    const first = next;
    next += picture.references.length;
    return { candidate: candidates[index]!, references: references.slice(first, next) };
  });
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
