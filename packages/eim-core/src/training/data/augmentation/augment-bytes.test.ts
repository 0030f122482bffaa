import { createRandomStream } from '@eim/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { augmentationSchema } from '../../../plan/segment-schema.js';
import { augmentBytes } from './augment-bytes.js';
import { jitterColours } from './jitter-colours.js';
import { flipHorizontally, flipVertically, quarterTurn } from './move-pixels.js';
import { zoom } from './zoom.js';

const SIZE = 6;
const picture = fc.uint8Array({ minLength: SIZE * SIZE * 3, maxLength: SIZE * SIZE * 3 });

describe('moving pixels', () => {
  test('two flips or four turns give the picture again', () => {
    fc.assert(
      fc.property(picture, (bytes) => {
        for (const flip of [flipHorizontally, flipVertically])
          expect(flip(flip(bytes, SIZE), SIZE)).toEqual(bytes);
        let turned: Uint8Array = bytes;
        for (let turn = 0; turn < 4; turn += 1) turned = quarterTurn(turned, SIZE);
        expect(turned).toEqual(bytes);
      }),
    );
  });

  test('a quarter-turn is clockwise', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => [value, value, value]) as number[][];
    const square = Uint8Array.from([a, b, c, d].flat() as number[]);
    expect(quarterTurn(square, 2)).toEqual(Uint8Array.from([c, a, d, b].flat() as number[]));
  });
});

describe('zoom', () => {
  test('the whole window is the picture itself', () => {
    fc.assert(
      fc.property(picture, (bytes) => {
        expect(zoom(bytes, SIZE, { side: 1, left: 0, top: 0 })).toEqual(bytes);
      }),
    );
  });

  test('values stay between the least and the greatest of the picture', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(picture, share, share, share, (bytes, keep, x, y) => {
        const side = 0.5 + keep / 2;
        const zoomed = zoom(bytes, SIZE, { side, left: x * (1 - side), top: y * (1 - side) });
        expect(Math.min(...zoomed)).toBeGreaterThanOrEqual(Math.min(...bytes));
        expect(Math.max(...zoomed)).toBeLessThanOrEqual(Math.max(...bytes));
      }),
    );
  });

  test('half a window of a ramp is half of the ramp', () => {
    const ramp = Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => (Math.floor(index / 3) % 8) * 32);
    const row = zoom(ramp, 8, { side: 0.5, left: 0, top: 0 })
      .filter((_, index) => index % 3 === 0)
      .slice(0, 8);
    // Column x reads from (x + 0.5) / 2 - 0.5 of a ramp that rises by 32 a pixel.
    expect([...row]).toEqual([0, 8, 24, 40, 56, 72, 88, 104]);
  });
});

describe('colour jitter', () => {
  test('no change is no change, and values are clipped', () => {
    const bytes = Uint8Array.from([0, 128, 255]);
    expect(jitterColours(bytes, { contrast: 1, shift: [0, 0, 0] })).toEqual(bytes);
    expect(jitterColours(bytes, { contrast: 1, shift: [0.2, 0.2, 0.2] })).toEqual(
      Uint8Array.from([51, 179, 255]),
    );
  });
});

test.each(augmentationSchema.options)(
  '%s repeats with its seed, varies, and leaves its input alone',
  (name) => {
    const bytes = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, index) => (index * 37) % 256);
    const before = bytes.slice();
    const draw = (seed: number) => augmentBytes(bytes, SIZE, [name], createRandomStream(seed));
    expect(draw(1)).toEqual(draw(1));
    const drawn = new Set(Array.from({ length: 20 }, (_, seed) => draw(seed).join()));
    expect(drawn.size).toBeGreaterThan(1);
    expect(bytes).toEqual(before);
  },
);
