import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import fixture from '../__fixtures__/decode.json' with { type: 'json' };
import photographs from '../__fixtures__/photos.json' with { type: 'json' };
import { decodeInChromium } from '../testing/decode-in-chromium.js';

const chromium = process.env.EIM_CHROMIUM;
const skipped = chromium ? '' : ' (skipped: EIM_CHROMIUM names no Chromium)';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe.skipIf(!chromium)(`in a browser${skipped}`, () => {
  test("decodes what Node decodes into Pillow's RGB, but for two forms", async () => {
    const answers = await decodeInChromium(chromium!, fixture);
    for (const [index, { name, rgb, width, height }] of fixture.entries()) {
      const answer = answers[index]!;
      expect(answer, name).toMatchObject({ width, height });
      // Pillow cuts deep grey off at 255, where a browser keeps the upper 8 bits; inks are rounded differently.
      if (name === 'grey 16-bit PNG') continue;
      const largest = largestDifference(answer.rgb!, rgb);
      if (name === 'CMYK JPEG') expect(largest, name).toBeLessThanOrEqual(1);
      else expect(largest, name).toBe(0);
    }
  });

  test('turns by EXIF only when asked', async () => {
    const stored = { width: 4, height: 2, channels: 3 } as const;
    const colours = Uint8Array.from({ length: 24 }, (_, at) => at * 10);
    const turned = sharp(colours, { raw: stored }).withMetadata({ orientation: 6 });
    const jpeg = fixture.find(({ name }) => name === 'JPEG turned by EXIF')!;
    const png = { name: 'PNG', file: base64(await turned.clone().png().toBuffer()) };
    const webp = { name: 'WebP', file: base64(await turned.clone().webp({ lossless: true }).toBuffer()) };
    const answers = await decodeInChromium(chromium!, [
      png,
      webp,
      { ...png, applyOrientation: true },
      { ...jpeg, applyOrientation: true },
    ]);
    expect(answers[0]).toEqual({ width: 4, height: 2, rgb: base64(colours) });
    expect(answers[1]).toEqual({ width: 4, height: 2, rgb: base64(colours) });
    expect(answers[2]).toMatchObject({ width: 2, height: 4 });
    expect(answers[3]).toMatchObject({ width: 13, height: 19 });
  });

  test('half of a file is refused by name', async () => {
    // The first half of the GIF of two frames holds its first frame, which is all that is read.
    const halves = fixture
      .filter(({ name }) => name !== 'GIF of two frames')
      .map(({ name, file }) => {
        const bytes = Buffer.from(file, 'base64');
        return { name, file: base64(bytes.subarray(0, bytes.length >> 1)) };
      });
    const answers = await decodeInChromium(chromium!, halves);
    for (const [index, { name }] of halves.entries()) {
      expect(answers[index]!.error, name).toContain(`The picture ${name} cannot be decoded: `);
    }
  });

  const folder = resolve(
    import.meta.dirname,
    '../../../..',
    process.env.EIM_DATA ?? '../shared/data',
    'captions/coco-mini-239/images',
  );
  const absent = !existsSync(folder);
  test.skipIf(absent)(
    `photographs decode to Pillow's bytes${absent ? ` (skipped: no ${folder})` : ''}`,
    async () => {
      const requests = photographs.map(({ file }) => ({
        name: file,
        file: base64(readFileSync(resolve(folder, file))),
      }));
      const answers = await decodeInChromium(chromium!, requests);
      for (const [index, { file, decoded }] of photographs.entries()) {
        const bytes = Buffer.from(answers[index]!.rgb!, 'base64');
        expect(createHash('sha1').update(bytes).digest('hex'), file).toBe(decoded);
      }
    },
  );
});

function largestDifference(one: string, other: string): number {
  const [first, second] = [Buffer.from(one, 'base64'), Buffer.from(other, 'base64')];
  expect(first).toHaveLength(second.length);
  return first.reduce((largest, value, at) => Math.max(largest, Math.abs(value - second[at]!)), 0);
}
