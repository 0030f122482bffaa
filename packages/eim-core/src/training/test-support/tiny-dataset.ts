import type { Dataset, Picture, RawPicture, Row } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import type { PicturePreprocessor } from '../data/picture-preprocessor.js';

export const TINY_SIDE = 4;
export const TINY_WORDS = ['a', 'red', 'green', 'blue', 'square', 'bright', 'dark', 'very'];

const COLOURS = ['red', 'green', 'blue'];

function tinyRow(index: number, split: string, random: RandomStream): Row {
  const channel = index % 3;
  const bright = index % 2 === 0;
  const data = new Uint8Array(TINY_SIDE * TINY_SIDE * 3);
  for (let pixel = 0; pixel < TINY_SIDE * TINY_SIDE; pixel += 1) {
    data[pixel * 3 + channel] = (bright ? 200 : 90) + random.integer(50);
  }
  const pixels: RawPicture = { width: TINY_SIDE, height: TINY_SIDE, data };
  const picture: Picture = {
    fingerprint: `${split}-${index}`,
    source: `tiny picture ${split} ${index}`,
    load: async () => pixels,
  };
  const colour = COLOURS[channel]!;
  const shade = bright ? 'bright' : 'dark';
  const captions = [`a ${shade} ${colour} square`, `${colour} square`, `a very ${shade} square`];
  return {
    id: `${split}-${index}`,
    picture,
    prompt: '',
    answers: captions.slice(0, 1 + (index % 3)),
  };
}

/** Pictures of one colour in two shades, one to three captions each. */
export function tinyDataset(counts: Readonly<Record<string, number>> = { train: 24, val: 12 }): Dataset {
  const splits = new Map(
    Object.entries(counts).map(([split, count]) => {
      const random = createRandomStream(`tiny ${split}`);
      return [split, Array.from({ length: count }, (_, index) => tinyRow(index, split, random))] as const;
    }),
  );
  return {
    name: 'tiny',
    splits: [...splits.keys()],
    split: (name) => splits.get(name) ?? [],
    notes: [],
  };
}

/** The pictures have the right size already. */
export const tinyPreprocess: PicturePreprocessor = {
  toValues: ({ data }) => data,
  normalise: (bytes, { mean, standardDeviation }, out) => {
    for (let index = 0; index < bytes.length; index += 1) {
      const channel = index % 3;
      out[index] = (bytes[index]! / 255 - mean[channel]!) / standardDeviation[channel]!;
    }
  },
};
