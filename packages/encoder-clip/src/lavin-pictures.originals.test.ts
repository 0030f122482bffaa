import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRandomStream, startEngine } from '@eim/engine';
import { preprocess, preprocessToBytes } from '@eim/images';
import { readPicture } from '@eim/images/node';
import { readSafetensorsFile } from '@eim/weights/node';
import { describe, expect, test } from 'vitest';
import { clipPresets } from './clip-presets.js';
import { createClipEncoder } from './create-clip-encoder.js';

const PICTURE = 'picture.safetensors';
const originals = process.env.EIM_ORIGINALS ?? join(process.env.EIM_DATA ?? '../shared/data', 'originals');
const folder = join(originals, 'lavin');
const lacks = ['picture.png', PICTURE].filter((file) => !existsSync(join(folder, file)));
if (lacks.length > 0) console.warn(`skipped: ${folder} lacks ${lacks} (set EIM_DATA, or EIM_ORIGINALS)`);

describe.skipIf(lacks.length > 0)('pictures as LaVIN prepares them', () => {
  test('stretched to a square, ImageNet’s mean and deviation', async () => {
    await startEngine({ engine: 'cpu' });
    const { tensors } = await readSafetensorsFile(join(folder, PICTURE));
    const shapeOf = (name: string) => tensors.get(name)!.shape;
    const valuesOf = (name: string) => Array.from(tensors.get(name)!.data as ArrayLike<number>);
    const [side] = shapeOf('resized_u8_hwc') as readonly [number];
    const encoder = createClipEncoder(
      {
        ...clipPresets.tiny,
        imageSize: side,
        patchSize: side,
        resizing: { resize: 'stretch' },
        mean: [0.485, 0.456, 0.406],
        standardDeviation: [0.229, 0.224, 0.225],
      },
      { random: createRandomStream(1) },
    );
    const { preprocessing } = encoder;
    encoder.dispose();
    const picture = await readPicture(join(folder, 'picture.png'));
    const pixels = preprocess(picture, preprocessing); // [H, W, 3]
    expect(preprocessToBytes(picture, preprocessing)).toEqual(Uint8Array.from(valuesOf('resized_u8_hwc')));
    const rows = [...tensors.keys()].find((name) => name.startsWith('pixels_rows_'))!;
    const places = rows.slice('pixels_rows_'.length).split('_').map(Number);
    const theirs = valuesOf(rows);
    expect(shapeOf(rows)).toEqual([3, places.length, side]);
    let most = 0;
    theirs.forEach((value, at) => {
      const [channel, row] = [
        Math.floor(at / (places.length * side)),
        places[Math.floor(at / side) % places.length]!,
      ];
      most = Math.max(most, Math.abs(value - pixels[(row * side + (at % side)) * 3 + channel]!));
    });
    expect(most).toBeLessThan(1e-5);
  });
});
