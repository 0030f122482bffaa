import { scoreCaptions } from '../evaluation/score-captions.js';
import { pairCaptions } from './pair-captions.js';
import { readCandidates } from './read-candidates.js';
import { readReferences } from './read-references.js';

/** COCO's own keys at the top, with what was scored beside them. */
export type FileScores = Readonly<
  Record<'Bleu_1' | 'Bleu_2' | 'Bleu_3' | 'Bleu_4' | 'ROUGE_L' | 'CIDEr', number>
> & {
  readonly images: number;
  readonly candidates: number;
  readonly referencesPerImage: { readonly min: number; readonly mean: number; readonly max: number };
};

/** Scores a file of candidates against a file of references. */
export async function scoreFiles(options: {
  readonly candidates: string;
  readonly references: string;
  readonly pretokenized: boolean;
  readonly subset: boolean;
}): Promise<FileScores> {
  const { candidates, references, pretokenized, subset } = options;
  const pictures = pairCaptions(await readCandidates(candidates), await readReferences(references), {
    subset,
  });
  const { scores } = scoreCaptions(pictures, { pretokenized });
  const counts = pictures.map((picture) => picture.references.length);
  return {
    ...(scores as Omit<FileScores, 'images' | 'candidates' | 'referencesPerImage'>),
    images: pictures.length,
    candidates: pictures.length,
    referencesPerImage: {
      min: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      mean: counts.reduce((sum, count) => sum + count, 0) / counts.length,
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    },
  };
}
