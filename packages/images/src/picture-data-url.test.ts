import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodePicture } from './node/decode-picture.js';
import { pictureDataUrl } from './picture-data-url.js';

const noise = {
  create: {
    width: 150,
    height: 90,
    channels: 3,
    background: '#222',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  },
} as const;

test.each(['png', 'jpeg', 'webp', 'gif'] as const)(
  'a %s comes back with the pixels that are stored',
  async (format) => {
    const plain = await sharp(noise as never)
      .png()
      .toBuffer();
    const bytes = await sharp(plain).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    const [, type, text] = /^data:(.*);base64,(.*)$/.exec(pictureDataUrl(bytes, 'x'))!;
    expect(type).toBe(`image/${format}`);
    const sent = Buffer.from(text!, 'base64');
    // A reader that would turn it finds nothing to turn it by.
    expect(await decodePicture(sent, 'sent', { applyOrientation: true })).toEqual(
      await decodePicture(bytes, 'file'),
    );
  },
);

test('what is no picture is named', () => {
  expect(() => pictureDataUrl(new TextEncoder().encode('no'), 'notes.txt')).toThrow(/notes\.txt/);
});
