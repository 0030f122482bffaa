import type { Dataset } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import type { ProbedPictures } from '@eim/core/training';
import { type CaptionedRow, captionedRows } from '../../evaluation/captioned-rows.js';
import { type EncoderFeaturesOptions, encoderFeatures } from './encoder-features.js';
import { handMadeFeatures } from './hand-made-features.js';
import { retrieveCaptions } from './retrieve-captions.js';

/** Captions that a retrieval found for the pictures of a split, in their order. */
export interface NamedRetrieval {
  readonly name: string;
  readonly explanation: string;
  readonly captions: readonly string[];
}

/** More training pictures make a regression no better, but slower. */
const MOST_PICTURES = 20_000;
/** Every so-manieth training picture is held out where the data have no validation split. */
const HELD_OUT_EVERY = 5;

type FeaturesOf = (rows: readonly CaptionedRow[]) => Promise<ProbedPictures['features']>;

/** The retrieval that learns nothing of pictures: colours and edges. */
export async function handMadeRetrieval(dataset: Dataset, split: string): Promise<NamedRetrieval> {
  return {
    name: 'Colours and edges, retrieval',
    explanation:
      'the training sentence nearest to the words that a linear regression reads from colours and edges',
    captions: await retrieve(dataset, split, async (rows) => {
      const features: Float64Array[] = [];
      for (const { picture } of rows) features.push(handMadeFeatures(await picture.load()));
      return features;
    }),
  };
}

/** The retrieval from what a model's ST reads: what its encoder is worth without ST and LLM. */
export async function encoderRetrieval(
  { name, parts }: { readonly name: string; readonly parts: ModelParts },
  dataset: Dataset,
  split: string,
  options: EncoderFeaturesOptions,
): Promise<NamedRetrieval> {
  return {
    name: `Encoder of ${name}, retrieval`,
    explanation: `the training sentence nearest to the words that a linear regression reads from the features of ${name}`,
    captions: await retrieve(dataset, split, (rows) => encoderFeatures(parts, rows, options)),
  };
}

/** Pictures that {@link encoderRetrieval} encodes, for progress. */
export function picturesToEncode(dataset: Dataset, split: string): number {
  const { train, heldOut } = fittingRows(dataset, split);
  return train.length + heldOut.length + captionedRows(dataset, split).length;
}

async function retrieve(dataset: Dataset, split: string, featuresOf: FeaturesOf): Promise<string[]> {
  const { train, heldOut } = fittingRows(dataset, split);
  const probed = async (rows: readonly CaptionedRow[]): Promise<ProbedPictures> => ({
    features: await featuresOf(rows),
    captions: rows.map(({ answers }) => answers),
  });
  return retrieveCaptions(
    await probed(train),
    await probed(heldOut),
    await featuresOf(captionedRows(dataset, split)),
  );
}

/** The pictures that a regression is fitted to, and those on which its strength is chosen; never those to be captioned. */
function fittingRows(dataset: Dataset, split: string) {
  const train = thinned(captionedRows(dataset, 'train'));
  if (split !== 'val' && dataset.splits.includes('val')) {
    return { train, heldOut: thinned(captionedRows(dataset, 'val')) };
  }
  const isHeldOut = (_: CaptionedRow, index: number) => index % HELD_OUT_EVERY === HELD_OUT_EVERY - 1;
  return {
    train: train.filter((row, index) => !isHeldOut(row, index)),
    heldOut: train.filter(isHeldOut),
  };
}

/** At most {@link MOST_PICTURES}, evenly chosen. */
function thinned(rows: readonly CaptionedRow[]): readonly CaptionedRow[] {
  const every = Math.ceil(rows.length / MOST_PICTURES);
  return every <= 1 ? rows : rows.filter((_, index) => index % every === 0);
}
