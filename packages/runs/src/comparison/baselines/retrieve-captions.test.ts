import type { RawPicture } from '@eim/contracts';
import { expect, test } from 'vitest';
import { handMadeFeatures } from './hand-made-features.js';
import { retrieveCaptions } from './retrieve-captions.js';

/** Stripes of a colour on black, lying or upright. */
function stripes(colour: readonly number[], upright: boolean, width: number): RawPicture {
  const side = 48;
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (Math.floor((upright ? x : y) / width) % 2 === 0) data.set(colour, (y * side + x) * 3);
    }
  }
  return { width: side, height: side, data };
}

const COLOURS = { red: [220, 20, 20], green: [20, 200, 40], blue: [30, 40, 210] } as const;

function pictures(widths: readonly number[]) {
  const all = Object.entries(COLOURS).flatMap(([colour, values]) =>
    [true, false].flatMap((upright) =>
      widths.map((width) => ({
        features: handMadeFeatures(stripes(values, upright, width)),
        captions: [
          `${upright ? 'upright' : 'lying'} ${colour} stripes`,
          `${colour} and ${upright ? 'upright' : 'lying'}`,
        ],
      })),
    ),
  );
  return { features: all.map(({ features }) => features), captions: all.map(({ captions }) => captions) };
}

test('colours and directions are enough to find the right sentence', () => {
  const asked = pictures([6]);
  const found = retrieveCaptions(pictures([4, 5, 7, 8, 10]), pictures([9]), asked.features);
  found.forEach((sentence, i) => void expect(asked.captions[i]).toContain(sentence));
});

test('features have one length, and see neither size nor shape of the file', () => {
  const small = handMadeFeatures({ width: 1, height: 1, data: Uint8Array.of(10, 200, 90) });
  const large = handMadeFeatures({
    width: 3,
    height: 2,
    data: Uint8Array.from({ length: 18 }, (_, i) => [10, 200, 90][i % 3]!),
  });
  expect(small).toEqual(large);
  expect(small).toHaveLength(4 ** 3 + 16 * (3 + 8));
});
