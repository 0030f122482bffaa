import { type Benchmark, EimError } from '@eim/core/contracts';
import { readReferences } from './read-references.js';
import { type CaptionScores, scoreCaptions } from './score-captions.js';

/** A picture to be captioned. */
export interface CocoCaptionItem {
  readonly id: string;
  readonly references: readonly string[];
}

/**
 * COCO Caption as a benchmark: pictures with their reference captions. `score` is of one picture by itself,
 * where CIDEr, whose document frequencies need the whole set, is always 0; `aggregate` gives the real scores.
 */
export const cocoCaptionBenchmark: Benchmark<CocoCaptionItem, string, CaptionScores> = {
  name: 'coco-caption',
  load(files) {
    return [...files].flatMap(([file, bytes]) =>
      [...readReferences({ file, json: parseJson(file, bytes) })].map(([id, references]) => ({
        id,
        references,
      })),
    );
  },
  prompt: () => '',
  parse: (text) => text.trim(),
  score: (candidate, { references }) => scoreCaptions([{ candidate, references }]).corpus,
  aggregate(candidates, items) {
    if (candidates.length !== items.length) {
      throw new EimError({
        code: 'invalid-argument',
        message: `${candidates.length} captions were given for ${items.length} pictures.`,
        advice: 'Give one for each, in the same order.',
      });
    }
    const pictures = items.map(({ references }, index) => ({ candidate: candidates[index]!, references }));
    return { ...scoreCaptions(pictures).corpus };
  },
};

function parseJson(file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new EimError({
      code: 'invalid-file',
      message: `${file} is not JSON in UTF-8: ${(cause as Error).message}`,
      data: { file },
      cause,
    });
  }
}
