import { humanAgreement, modalCaption } from '@eim/benchmarks';
import type { Dataset } from '@eim/contracts';
import { preprocessToBytes } from '@eim/images';
import type { BaselineScores } from '@eim/report';
import { type CaptionedRow, captionedRows } from '../evaluation/captioned-rows.js';
import { type ReferenceChoice, scoreCaptionPairs } from '../scoring/score-caption-pairs.js';

/** Side at which pictures are compared pixel by pixel. */
const COMPARED_SIDE = 32;

/** A baseline's scores, with each picture's CIDEr for paired tests. */
export interface ScoredBaseline extends BaselineScores {
  readonly ciderPerPicture: readonly number[];
  /** False for the human baseline, which has one reference fewer. */
  readonly comparable: boolean;
}

/**
 * Baselines to compare a model's scores with, on one split. The human baseline is absent if no picture has two distinct
 * references. It never counts a repeated reference, as a sentence would then be compared with itself.
 */
export async function scoreBaselines(
  dataset: Dataset,
  split: string,
  choice: ReferenceChoice,
): Promise<ScoredBaseline[]> {
  const pictures = captionedRows(dataset, split);
  const train = captionedRows(dataset, 'train');
  const { caption: common } = modalCaption(train.flatMap(({ answers }) => answers));
  const nearest = await nearestCaptions(train, pictures);
  const scored = (name: string, explanation: string, candidates: readonly string[]): ScoredBaseline => {
    const report = scoreCaptionPairs(
      pictures.map(({ id, answers: references }, i) => ({ id, candidate: candidates[i]!, references })),
      choice,
    );
    const ciderPerPicture = report.perPicture.map(({ CIDEr }) => CIDEr);
    return { name, explanation, scores: report.corpus, ciderPerPicture, comparable: true };
  };
  const distinct = pictures.map(({ answers }) => [...new Set(answers)]);
  const human = (): ScoredBaseline => ({
    name: 'One human sentence',
    explanation: "each picture's first sentence against its others: what a person scores",
    scores: humanAgreement(distinct).corpus,
    ciderPerPicture: [],
    comparable: false,
  });
  return [
    ...(distinct.some(({ length }) => length > 1) ? [human()] : []),
    scored(
      'Most common caption',
      `“${common}” for every picture`,
      new Array<string>(pictures.length).fill(common),
    ),
    scored('Nearest picture', 'a sentence of the training picture with the nearest pixels', nearest),
  ];
}

/** For each picture, the first sentence of the training picture with the smallest squared distance. */
async function nearestCaptions(
  train: readonly CaptionedRow[],
  pictures: readonly CaptionedRow[],
): Promise<string[]> {
  const known: Uint8Array[] = [];
  for (const picture of train) known.push(await smallPixels(picture));
  const captions: string[] = [];
  for (const picture of pictures) {
    const pixels = await smallPixels(picture);
    let nearest = { index: 0, distance: Number.POSITIVE_INFINITY };
    for (const [index, other] of known.entries()) {
      const distance = squaredDistance(pixels, other, nearest.distance);
      if (distance < nearest.distance) nearest = { index, distance };
    }
    captions.push(train[nearest.index]!.answers[0]!);
  }
  return captions;
}

async function smallPixels({ picture }: CaptionedRow): Promise<Uint8Array> {
  return preprocessToBytes(await picture.load(), {
    imageSize: COMPARED_SIDE,
    resize: 'stretch',
    filter: 'bilinear',
    cropRounding: 'floor',
    mean: [0, 0, 0],
    standardDeviation: [1, 1, 1],
  });
}

/** The squared distance, or some number above `limit` as soon as it exceeds that. */
function squaredDistance(left: Uint8Array, right: Uint8Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < left.length; ) {
    for (const end = i + 192; i < end; i++) sum += (left[i]! - right[i]!) ** 2;
    if (sum > limit) return sum;
  }
  return sum;
}
