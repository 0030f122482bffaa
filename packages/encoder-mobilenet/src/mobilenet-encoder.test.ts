import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { preprocess } from '@eim/images';
import { readPicture } from '@eim/images/node';
import { noisePicture } from '@eim/images/testing';
import { relativeError } from '@eim/nn/testing';
import { floatValues } from '@eim/weights';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import processorRows from './__fixtures__/image-processor.json' with { type: 'json' };
import { createMobileNetEncoder, loadMobileNetEncoder, recogniseMobileNet } from './create-mobilenet.js';
import plugin from './index.js';
import { mobileNetPresets } from './mobilenet-presets.js';

const folder = join(process.env.EIM_DATA ?? '../shared/data', 'weights/mobilenet-v2');
const file = join(folder, 'mobilenet_v2_1.0_224.folded.f32.safetensors');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is not there (set EIM_DATA)`);

describe.skipIf(!present)('the published MobileNetV2 1.0/224', () => {
  test('gives the published probabilities with its original preprocessing', async () => {
    await startEngine({ engine: 'wasm' });
    const weights = await openPublishedWeights(file);
    expect(recogniseMobileNet(weights)).toBe(true);
    const encoder = await loadMobileNetEncoder(weights);
    const [kernel, bias] = [await weights.read('63.w'), await weights.read('63.b')];
    await weights.close();
    const labels = readFileSync(join(folder, 'imagenet_labels.txt'), 'utf8').split('\n');
    for (const [picture, label, probability] of [
      ['cat.bmp', 'Egyptian cat', '0.818'],
      ['grace_hopper.bmp', 'military uniform', '0.910'],
    ] as const) {
      const values = preprocess(await readPicture(join(folder, picture)), encoder.preprocessing);
      tf.tidy(() => {
        const { pooled, tokens } = encoder.encode(tf.tensor(values, [1, 224, 224, 3]) as Tensor4D);
        expect(tokens.shape).toEqual([1, 49, 1280]);
        const head = tf.tensor2d(floatValues(kernel as never), [1001, 1280]);
        const logits = tf.add(tf.matMul(pooled, head, false, true), tf.tensor1d(floatValues(bias as never)));
        const probabilities = tf.softmax(logits as Tensor2D).dataSync();
        const best = probabilities.indexOf(Math.max(...probabilities));
        expect(labels[best]).toContain(label);
        expect(probabilities[best]!.toFixed(3)).toBe(probability);
      });
    }
    encoder.dispose();
  });

  test('tensors that do not fit are listed at once', async () => {
    const weights = await openPublishedWeights(file);
    const broken = { ...weights, has: (name: string) => name !== '61.b' && weights.has(name) };
    const options = { ...mobileNetPresets['v2-1.0-224'], tokenSize: 640 };
    await expect(loadMobileNetEncoder(broken, {}, options)).rejects.toThrow(
      /1 missing: 61\.b\n.*61\.w is \[1280,1,1,320\] and should be \[640,1,1,320\]/,
    );
    await expect(loadMobileNetEncoder({ ...weights, has: () => false })).rejects.toThrow(
      /holds no MobileNetV2/,
    );
    await weights.close();
  });
});

test('Hugging Face’s folder gives what transformers computes from a picture, pixels included', async () => {
  await startEngine({ engine: 'wasm' });
  const fixtures = join(import.meta.dirname, '__fixtures__');
  const { tensors } = await readSafetensorsFile(join(fixtures, 'expected.safetensors'));
  const expected = (name: string) => {
    const { data, shape } = tensors.get(name)!;
    return tf.tensor(data as Float32Array, [...shape]);
  };
  const weights = await openPublishedWeights(join(fixtures, 'hugging-face'));
  expect(recogniseMobileNet(weights)).toBe(true);
  const encoder = await loadMobileNetEncoder(weights);
  await weights.close();
  const values = preprocess(await readPicture(join(fixtures, 'picture.png')), encoder.preprocessing);
  expect(values).toEqual(tensors.get('pixels')!.data);
  tf.tidy(() => {
    const pixels = expected('pixels') as Tensor4D;
    const { pooled, tokens, hidden } = encoder.encode(pixels, { hiddenLayers: [5] });
    expect(relativeError(pooled, expected('pooled'))).toBeLessThan(1e-4);
    expect(relativeError(tokens, expected('tokens'))).toBeLessThan(1e-4);
    expect(relativeError(hidden!.get(5)!, expected('block5'))).toBeLessThan(1e-4);
    tf.dispose([...hidden!.values()]);
  });
  encoder.dispose();
  const other = { ...weights, config: { ...weights.config, tf_padding: false, output_stride: 16 } };
  await expect(loadMobileNetEncoder(other)).rejects.toThrow(/tf_padding is false.*output_stride is 16/);
});

test('every preset of the manifest is complete, and mistakes are named', () => {
  const { presets, optionsSchema } = plugin.encoders['mobilenet-v2'];
  for (const [name, preset] of Object.entries(presets))
    expect(optionsSchema.parse(preset), name).toEqual(preset);
  const wrong = { ...mobileNetPresets.tiny, imageSize: 50, stages: [] as never };
  expect(() => createMobileNetEncoder(wrong, { random: createRandomStream(1) })).toThrow(/stages/);
});

test('described options build what is built without options', async () => {
  await startEngine({ engine: 'wasm' });
  const { describe: describeWeights, load, optionsSchema } = plugin.encoders['mobilenet-v2'];
  const weights = await openPublishedWeights(join(import.meta.dirname, '__fixtures__/hugging-face'));
  const options = optionsSchema.parse(await describeWeights(weights));
  const encoders = [await load(weights, {}), await load(weights, {}, options)];
  await weights.close();
  const [left, right] = encoders.map((encoder) => {
    const { preprocessing, tokenCount } = encoder;
    const values = encoder.parameters().map(({ name, variable }) => [name, variable.dataSync()]);
    encoder.dispose();
    return { preprocessing, tokenCount, values };
  });
  expect(right).toEqual(left);
  expect(() => describeWeights({ ...weights, has: () => false })).toThrow(/holds no MobileNetV2/);
});

test('descriptions of pixels give what MobileNetV2ImageProcessor makes of a picture, or are refused by field', async () => {
  const { describe: describeWeights, optionsSchema } = plugin.encoders['mobilenet-v2'];
  const weights = await openPublishedWeights(join(import.meta.dirname, '__fixtures__/hugging-face'));
  const encoderOf = async (config: object) => {
    const preprocessorConfig = config as Record<string, unknown>;
    const options = optionsSchema.parse(await describeWeights({ ...weights, preprocessorConfig }));
    return createMobileNetEncoder(options, { random: createRandomStream(1), awaitValues: true });
  };
  for (const { config, sha1 } of processorRows) {
    if (sha1 === null) {
      await expect(encoderOf(config)).rejects.toThrow(/size is /);
      continue;
    }
    const { preprocessing } = await encoderOf(config);
    const hashes = [[37, 23] as const, [23, 37] as const, [9, 40] as const, [7, 5] as const].map(
      ([width, height]) => {
        const pixels = preprocess(noisePicture(width, height, 7), preprocessing);
        return createHash('sha1').update(new Uint8Array(pixels.buffer)).digest('hex');
      },
    );
    expect(hashes, JSON.stringify(config)).toEqual(sha1);
  }
  const named = { image_processor_type: 'ViTImageProcessor' };
  await expect(encoderOf(named)).rejects.toThrow(/image_processor_type is "ViTImageProcessor"/);
  await weights.close();
});
