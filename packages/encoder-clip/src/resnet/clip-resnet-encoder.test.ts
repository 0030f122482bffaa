import { join } from 'node:path';
import type { Tensor4D } from '@eim/contracts/model';
import { imageEncoderConformance } from '@eim/core/testing';
import { createRandomStream, startEngine } from '@eim/engine';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { clipTextEncoderOptionsSchema } from '../clip-text-encoder-options.js';
import plugin from '../index.js';
import { loadClipTextEncoder } from '../load-clip.js';
import { recogniseClip } from '../weights/clip-naming.js';
import { describedResnetOptions } from '../weights/described-resnet-options.js';
import { resnetWeightsMap } from '../weights/resnet-weights-map.js';
import { clipResnetOptionsSchema } from './clip-resnet-options.js';
import { clipResnetPresets, clipResnetTextPresets } from './clip-resnet-presets.js';
import { createClipResnetEncoder, loadClipResnetEncoder } from './create-clip-resnet.js';

const PRECISION = 1e-4;
const folder = join(import.meta.dirname, '../__fixtures__');

test('OpenAI’s residual network computes what the original computes, stage by stage', async () => {
  await startEngine({ engine: 'wasm' });
  const weights = await openPublishedWeights(join(folder, 'openai-resnet.pt'));
  const { tensors } = await readSafetensorsFile(join(folder, 'openai-resnet.expected.safetensors'));
  expect(recogniseClip('resnet')(weights)).toBe(true);
  // heads of 64, as in every published size
  expect(describedResnetOptions(weights)).toMatchObject({
    imageSize: 64,
    width: 4,
    stages: [1, 2, 1, 1],
    headCount: 2,
  });
  const before = tf.memory().numTensors;
  const encoder = await loadClipResnetEncoder(weights);
  const text = await loadClipTextEncoder(weights);
  expect(text.pooledSize).toBe(encoder.pooledSize);
  text.dispose();
  await weights.close();
  tf.tidy(() => {
    const expected = (name: string) => {
      const { data, shape } = tensors.get(name)!;
      return tf.tensor(data as Float32Array, [...shape]);
    };
    const lastBlocks = { layer1: 1, layer2: 3, layer3: 4, layer4: 5 };
    const { pooled, tokens, hidden } = encoder.encode(expected('pixels') as Tensor4D, {
      hiddenLayers: Object.values(lastBlocks),
    });
    for (const [stage, block] of Object.entries(lastBlocks)) {
      expect(relativeError(hidden!.get(block)!, expected(stage)), stage).toBeLessThan(PRECISION);
    }
    expect(relativeError(tokens, expected('layer4'))).toBeLessThan(PRECISION);
    expect(relativeError(pooled, expected('pooled'))).toBeLessThan(PRECISION);
    tf.dispose([...hidden!.values()]);
  });
  encoder.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

// elements of open_clip's `visual` state, running statistics included
test.each([
  ['rn50', 38_370_144],
  ['rn101', 56_365_408],
  ['rn50x4', 87_246_840],
  ['rn50x16', 167_522_832],
] as const)('%s has the tensors of the published model', (preset, elements) => {
  const options = clipResnetOptionsSchema.parse(clipResnetPresets[preset]);
  const sources = resnetWeightsMap(options).rules.flatMap((rule) => rule.sources);
  const shapes = new Map(sources.map(({ name, shape }) => [name, shape]));
  const count = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(count).toBe(elements);
  const text = clipResnetTextPresets[preset];
  expect(clipTextEncoderOptionsSchema.parse(text)).toEqual(text);
  expect(text.pooledSize).toBe(options.pooledSize);
});

test('every preset of the manifest is complete, and mistakes are named', () => {
  const { presets, optionsSchema } = plugin.encoders.resnet;
  for (const [name, preset] of Object.entries(presets))
    expect(optionsSchema.parse(preset), name).toEqual(preset);
  const wrong = { ...clipResnetPresets.rn50, imageSize: 100, headCount: 7 };
  expect(() => createClipResnetEncoder(wrong, { random: createRandomStream(1) })).toThrow(
    /imageSize: must be a multiple of 32.*headCount: must divide/,
  );
});

const options = { ...clipResnetPresets['rn-tiny'], width: 4, headCount: 2, pooledSize: 6 };

describe.each(['cpu', 'wasm'] as const)('the CLIP residual network on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  const cases = imageEncoderConformance({ create: (random) => createClipResnetEncoder(options, { random }) });
  for (const { name, run } of cases) test(name, run);
});
