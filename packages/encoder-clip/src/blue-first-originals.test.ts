import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandomStream, startEngine } from '@eim/engine';
import { preprocess, preprocessToBytes } from '@eim/images';
import { decodePicture } from '@eim/images/decode';
import { readSafetensorsFile } from '@eim/weights/node';
import { expect, test } from 'vitest';
import { clipPresets } from './clip-presets.js';
import { createClipEncoder } from './create-clip-encoder.js';

const originals = process.env.EIM_ORIGINALS ?? join(process.env.EIM_DATA ?? '../shared/data', 'originals');
const folder = join(originals, 'llama-adapter-v2');
const missing = ['picture.png', 'picture.safetensors'].filter((file) => !existsSync(join(folder, file)));
if (missing.length > 0) console.warn(`skipped: ${folder} lacks ${missing} (set EIM_DATA, or EIM_ORIGINALS)`);

/** How an encoder that is told the order of the channels takes pictures. */
function preprocessingOf(imageSize: number, channelOrder: 'rgb' | 'bgr') {
  const options = { ...clipPresets.tiny, imageSize, patchSize: imageSize, resizing: { channelOrder } };
  const encoder = createClipEncoder(options, { random: createRandomStream(1) });
  const { preprocessing } = encoder;
  encoder.dispose();
  return preprocessing;
}

test.skipIf(missing.length > 0)('LLaMA-Adapter V2 reads pictures blue first', async () => {
  await startEngine({ engine: 'cpu' });
  const picture = await decodePicture(readFileSync(join(folder, 'picture.png')), 'picture.png');
  const { tensors } = await readSafetensorsFile(join(folder, 'picture.safetensors'));
  for (const order of ['bgr', 'rgb'] as const) {
    const { shape, data } = tensors.get(`${order}.pixels`)!; // [3, S, S]
    const side = shape[1]!;
    const found = preprocess(picture, preprocessingOf(side, order)); // [S, S, 3]
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < side * side; pixel++) {
        const wanted = Number(data[channel * side * side + pixel]);
        expect(Math.abs(found[pixel * 3 + channel]! - wanted)).toBeLessThan(1e-5);
      }
    }
  }
  const whole = [...tensors].filter(([name]) => name.endsWith('.u8_hwc'));
  expect(whole.length).toBeGreaterThan(0);
  for (const [, { shape, data }] of whole) {
    const bytes = preprocessToBytes(picture, preprocessingOf(shape[0]!, 'bgr'));
    expect(bytes).toEqual(Uint8Array.from(data as Uint8Array));
  }
});
