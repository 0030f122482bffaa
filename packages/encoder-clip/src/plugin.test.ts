import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, expect, test } from 'vitest';
import { clipPresets, clipTextPresets } from './clip-presets.js';
import { clipTextEncoderOptionsSchema } from './clip-text-encoder-options.js';
import { createClipEncoder } from './create-clip-encoder.js';
import plugin from './index.js';

const random = createRandomStream(1);
const { create, optionsSchema, presets } = plugin.encoders.vit;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

test('every preset is complete, and has a text tower of the same pooled width', () => {
  for (const [name, preset] of Object.entries(presets)) {
    expect(optionsSchema.parse(preset), name).toEqual(preset);
    const text = clipTextPresets[name as keyof typeof clipTextPresets];
    expect(clipTextEncoderOptionsSchema.parse(text), name).toEqual(text);
    expect(text.pooledSize, name).toBe(preset.pooledSize);
  }
});

test('the entry builds what its preset says', () => {
  const encoder = create(optionsSchema.parse(presets.tiny), { random });
  expect(encoder.tokenCount).toBe(17);
  expect(encoder.preprocessing).toMatchObject({ imageSize: 32, resize: 'shortest-side', filter: 'bicubic' });
  expect(encoder.insertionPoints.map(({ name }) => name)).toContain('blocks.2.attention.input');
  encoder.dispose();
});

test('options that cannot be are refused, all mistakes at once', () => {
  const wrong = { ...clipPresets.tiny, patchSize: 5, headCount: 3 };
  expect(() => createClipEncoder(wrong, { random })).toThrow(/patchSize: must divide imageSize/);
  expect(() => createClipEncoder(wrong, { random })).toThrow(/headCount: must divide width/);
  expect(() => createClipEncoder({ ...wrong, patches: 5 } as never, { random })).toThrow(/patches/);
});
