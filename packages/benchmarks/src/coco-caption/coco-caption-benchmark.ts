import { type Benchmark, EimError } from '@eim/contracts';
import { parseJsonFile } from '../files/parse-json-file.js';
import { readPictureNames } from './read-picture-names.js';
import { readReferences } from './read-references.js';
import { type CaptionScores, scoreCaptions } from './score-captions.js';

/** A picture to be captioned. */
export interface CocoCaptionItem {
  readonly id: string;
  readonly references: readonly string[];
  /** The picture's file, where the source names it. */
  readonly image?: string;
}

/**
 * COCO Caption as a benchmark: pictures with their reference captions. `score` is of one picture by itself,
 * where CIDEr, whose document frequencies need the whole set, is always 0; `aggregate` gives the real scores.
 */
export const cocoCaptionBenchmark: Benchmark<CocoCaptionItem, string, CaptionScores> = {
  name: 'coco-caption',
  options: {
    split: { description: 'split to score, of files that have splits; all of other files', default: 'test' },
  },
  selectFiles: (paths) => paths.filter((path) => path.endsWith('.json')),
  load: (files, { split = 'test' } = {}) =>
    [...files].flatMap(([file, bytes]) => {
      const named = parseJsonFile(file, bytes);
      const pictures = readPictureNames(named);
      return [...readReferences(named)].flatMap(([id, references]): CocoCaptionItem[] => {
        const picture = pictures.get(id);
        if (picture?.split !== undefined && picture.split !== split) return [];
        return [{ id, references, ...(picture?.image !== undefined && { image: picture.image }) }];
      });
    }),
  identify: ({ id }) => id,
  picture: ({ image }) => image,
  prompt: () => '',
  parse: (text) => text.trim(),
  score: (candidate, { references }) => scoreCaptions([{ candidate, references }]).corpus,
  aggregate(candidates, items) {
    const { corpus } = scoreCaptions(pairItems(candidates, items));
    return { ...corpus, 'CIDEr-D': corpus.CIDEr };
  },
  captions: pairItems,
  rank: (candidates, items) =>
    scoreCaptions(pairItems(candidates, items)).perPicture.map(({ CIDEr }) => CIDEr),
  expected: ({ references }) => references[0] ?? '',
};

function pairItems(candidates: readonly string[], items: readonly CocoCaptionItem[]) {
  if (candidates.length !== items.length) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${candidates.length} captions were given for ${items.length} pictures.`,
      advice: 'Give one for each, in the same order.',
    });
  }
  return items.map(({ id, references }, index) => ({ id, candidate: candidates[index]!, references }));
}
