import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from '../__fixtures__/decode.json' with { type: 'json' };
import { decodePicture } from './decode-picture.js';
import { readPicture } from './read-picture.js';

const fileOf = (name: string) => bytesOf(fixture.find((row) => row.name === name)!.file);
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

test.each(fixture)("decodes $name into Pillow's RGB", async ({ name, file, width, height, rgb }) => {
  const picture = await decodePicture(bytesOf(file), name);
  expect(picture).toMatchObject({ width, height });
  expect(Buffer.from(picture.data).equals(Buffer.from(rgb, 'base64'))).toBe(true);
});

test('turns by EXIF only when asked', async () => {
  const bytes = fileOf('JPEG turned by EXIF');
  expect(await decodePicture(bytes, 'a.jpg')).toMatchObject({ width: 19, height: 13 });
  expect(await decodePicture(bytes, 'a.jpg', { applyOrientation: true })).toMatchObject({
    width: 13,
    height: 19,
  });
});

// The first half of the GIF of two frames holds its first frame, which is all that is read.
test.each(fixture.map(({ name }) => name).filter((name) => name !== 'GIF of two frames'))(
  'half of a %s is refused by name',
  async (name) => {
    const bytes = fileOf(name);
    await expect(decodePicture(bytes.subarray(0, bytes.length >> 1), 'photos/7.jpg')).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringMatching(/^The picture photos\/7\.jpg cannot be decoded: .*cut.off/),
    });
  },
);

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', new Uint8Array(0), /the file is empty/],
  [
    'text',
    new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    /none of JPEG, PNG, WebP, GIF and BMP/,
  ],
  [
    'a BMP of another depth',
    fileOf('24-bit BMP').map((byte, at) => (at === 28 ? 2 : byte)),
    /a BMP of 2 bits/,
  ],
  [
    'a compressed BMP',
    fileOf('8-bit BMP').map((byte, at) => (at === 30 ? 4 : byte)),
    /compressed BMP \(kind 4\)/,
  ],
  [
    'a BMP of unknown masks',
    fileOf('32-bit BMP with masks').map((byte, at) => (at === 54 ? 7 : byte)),
    /32 bits a pixel with the masks 7, ff00, ff0000/,
  ],
  [
    'a BMP of an unknown header',
    fileOf('24-bit BMP').map((byte, at) => (at === 14 ? 41 : byte)),
    /BMP header has 41 bytes/,
  ],
  [
    'a BMP of absurd size',
    fileOf('24-bit BMP').map((byte, at) => (at === 20 || at === 24 ? 255 : byte)),
    /claims \d+ x \d+ pixels/,
  ],
])('%s is refused by name', async (_, bytes, message) => {
  await expect(decodePicture(bytes, 'x.bin')).rejects.toThrow(message);
});

test('more pixels than are allowed are refused before they are decoded, in every format', async () => {
  for (const { name, file, width, height } of fixture) {
    const bytes = bytesOf(file);
    const maxPixels = width * height;
    expect(await decodePicture(bytes, name, { maxPixels })).toMatchObject({ width, height });
    await expect(decodePicture(bytes, name, { maxPixels: maxPixels - 1 })).rejects.toThrow(
      `it has ${width} x ${height} pixels, and at most ${maxPixels - 1} are allowed`,
    );
  }
});

test('no mutation of a picture does anything but decode or raise an EimError', async () => {
  const edits = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fixture), edits, async ({ file }, changes) => {
      const bytes = bytesOf(file);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      await decodePicture(bytes, 'mutated').catch((error: unknown) => {
        if (!EimError.isInstance(error)) throw error;
      });
    }),
    { numRuns: 200 },
  );
});

test('a missing file and a folder are named', async () => {
  await expect(readPicture('/nowhere/a.jpg')).rejects.toMatchObject({ code: 'missing-file' });
  await expect(readPicture(import.meta.dirname)).rejects.toThrow(/cannot be read \(EISDIR\)/);
});
