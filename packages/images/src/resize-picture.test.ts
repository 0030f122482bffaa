import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './__fixtures__/resize.json' with { type: 'json' };
import { resizePicture } from './resize-picture.js';
import { noisePicture } from './testing/noise-picture.js';

const sizeOf = (pair: number[]) => ({ width: pair[0]!, height: pair[1]! });

test.each(['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos', 'mks2013', 'mks2021'] as const)(
  "%s gives Pillow's bytes, up, down and odd",
  (filter) => {
    const cases = fixture.filter((row) => row.filter === filter);
    expect(cases.length).toBeGreaterThan(50);
    for (const { from, to, sha1 } of cases) {
      const resized = resizePicture(noisePicture(from[0]!, from[1]!, 7), sizeOf(to), filter);
      expect(resized).toMatchObject(sizeOf(to));
      expect(createHash('sha1').update(resized.data).digest('hex'), `${from} to ${to}`).toBe(sha1);
    }
  },
);

test('a window holds the pixels of the whole resized picture', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (w, h, width, height, a, b, c, d) => {
        const picture = noisePicture(w, h, a % 1000);
        const left = a % width;
        const top = b % height;
        const window = { left, top, width: 1 + (c % (width - left)), height: 1 + (d % (height - top)) };
        const whole = resizePicture(picture, { width, height }, 'bicubic');
        const part = resizePicture(picture, { width, height }, 'bicubic', window);
        for (let y = 0; y < window.height; y++) {
          const start = ((top + y) * width + left) * 3;
          expect(part.data.subarray(y * window.width * 3, (y + 1) * window.width * 3)).toEqual(
            whole.data.subarray(start, start + window.width * 3),
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('wrong sizes are refused', () => {
  const picture = noisePicture(4, 4, 1);
  expect(() => resizePicture({ ...picture, width: 5 }, sizeOf([2, 2]), 'bicubic')).toThrow(
    /5 x 4 has 48 bytes/,
  );
  expect(() => resizePicture(picture, sizeOf([0, 2]), 'bicubic')).toThrow(
    /does not lie in a picture of 0 x 2/,
  );
  expect(() =>
    resizePicture(picture, sizeOf([2, 2]), 'bicubic', { left: 1, top: 0, width: 2, height: 2 }),
  ).toThrow(/2 x 2 at \(1, 0\)/);
});
