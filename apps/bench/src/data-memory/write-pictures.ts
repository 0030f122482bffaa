import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import sharp from 'sharp';

/** Side of every picture, in pixels. */
export const SIDE = 64;

/** Distinct JPEGs; the other files are these with another number in their comment. */
const DRAWN = 500;
/** Files written at a time. */
const AT_ONCE = 32;

const COLOURS = ['red', 'green', 'blue', 'yellow', 'white', 'black', 'grey', 'orange'];
const PLACES = ['at the top', 'at the bottom', 'on the left', 'on the right', 'in the middle'];

/**
 * Writes picture files of 64 by 64 pixels and their captions, by a seed. Each file has a content of its own, so that each
 * has a fingerprint of its own, but only 500 pictures are drawn: encoding a hundred thousand would take most of the time.
 * @returns bytes of the picture files
 */
export async function writePictures(folder: string, count: number, seed = 1): Promise<number> {
  const images = join(folder, 'images');
  await mkdir(images, { recursive: true });
  const random = createRandomStream(seed);
  const drawn = await Promise.all(
    Array.from({ length: Math.min(DRAWN, count) }, (_, index) => drawJpeg(random.fork(`picture.${index}`))),
  );
  let bytes = 0;
  let next = 0;
  const write = async () => {
    while (next < count) {
      const index = next++;
      const jpeg = withComment(drawn[index % drawn.length]!, String(index));
      bytes += jpeg.length;
      await writeFile(join(images, nameOf(index)), jpeg);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  const choose = (words: readonly string[]) => words[random.integer(words.length)]!;
  const lines = Array.from({ length: count }, (_, index) => {
    const caption = `a ${choose(COLOURS)} shape ${choose(PLACES)} of a ${choose(COLOURS)} field`;
    return JSON.stringify({ image: nameOf(index), caption, split: 'train' });
  });
  await writeFile(join(folder, 'captions.jsonl'), `${lines.join('\n')}\n`);
  return bytes;
}

const nameOf = (index: number): string => `${String(index).padStart(6, '0')}.jpg`;

/** A few large fields of colour. */
async function drawJpeg(random: RandomStream): Promise<Buffer> {
  const small = Uint8Array.from({ length: 8 * 8 * 3 }, () => random.integer(256));
  const raw = { width: 8, height: 8, channels: 3 } as const;
  return sharp(small, { raw }).resize(SIDE, SIDE, { kernel: 'nearest' }).jpeg({ quality: 80 }).toBuffer();
}

/** A JPEG with a comment behind its first marker, which no decoder shows. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment, 'latin1');
  const header = Buffer.of(0xff, 0xfe, 0, text.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, text, jpeg.subarray(2)]);
}
