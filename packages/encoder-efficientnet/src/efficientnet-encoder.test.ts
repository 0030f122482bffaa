import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightsDescription } from '@eim/contracts';
import type { Tensor4D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createEfficientNetEncoder, loadEfficientNetEncoder } from './create-efficientnet.js';
import { efficientNetBlocks } from './efficientnet-blocks.js';
import { type EfficientNetOptionsInput, efficientNetOptionsSchema } from './efficientnet-options.js';
import { efficientNetPresets } from './efficientnet-presets.js';
import plugin, { describeEfficientNetEncoder } from './index.js';
import { recogniseEfficientNet } from './weights/described-options.js';

const fixtures = join(import.meta.dirname, '__fixtures__');
/** The network of the fixture. */
const narrow = JSON.parse(readFileSync(join(fixtures, 'narrow.json'), 'utf8')) as EfficientNetOptionsInput;

beforeAll(() => startEngine({ engine: 'wasm' }));

test('a .pth file gives what efficientnet_lite_pytorch computes', async () => {
  const { tensors } = await readSafetensorsFile(join(fixtures, 'narrow.expected.safetensors'));
  const expected = (name: string) => {
    const { data, shape } = tensors.get(name)!;
    return tf.tensor(data as Float32Array, [...shape]);
  };
  const weights = await openPublishedWeights(join(fixtures, 'narrow.pth'));
  expect(recogniseEfficientNet(weights)).toBe(true);
  const encoder = await loadEfficientNetEncoder(weights, {}, narrow);
  tf.tidy(() => {
    const { pooled, tokens, hidden } = encoder.encode(expected('pixels') as Tensor4D, {
      hiddenLayers: [3, 5],
    });
    expect(relativeError(pooled, expected('pooled'))).toBeLessThan(1e-4);
    expect(relativeError(tokens, expected('tokens'))).toBeLessThan(1e-4);
    expect(relativeError(hidden!.get(3)!, expected('block3'))).toBeLessThan(1e-4);
    expect(relativeError(hidden!.get(5)!, expected('block5'))).toBeLessThan(1e-4);
    tf.dispose([...hidden!.values()]);
  });
  encoder.dispose();
  await expect(loadEfficientNetEncoder(weights)).rejects.toThrow(/none of EfficientNet-Lite0 to 4/);
  const broken = { ...weights, has: (name: string) => name !== '_bn1.bias' && weights.has(name) };
  await expect(loadEfficientNetEncoder(broken, {}, { ...narrow, tokenSize: 40 })).rejects.toThrow(
    /1 missing: _bn1\.bias\n.*_conv_head\.weight is \[48,32,1,1\] and should be \[40,32,1,1\]/,
  );
  await weights.close();
});

/** Headers of a network as efficientnet_lite_pytorch would save it. */
function headersOf(preset: keyof typeof efficientNetPresets, extra: readonly string[] = []) {
  const blocks = efficientNetBlocks(efficientNetOptionsSchema.parse(efficientNetPresets[preset]));
  const shapes = new Map<string, readonly number[]>([['_conv_stem.weight', [32, 3, 3, 3]]]);
  blocks.forEach(({ innerSize, outputSize, side }, index) => {
    shapes.set(`_blocks.${index}._depthwise_conv.weight`, [innerSize, 1, side, side]);
    shapes.set(`_blocks.${index}._project_conv.weight`, [outputSize, innerSize, 1, 1]);
  });
  for (const name of extra) shapes.set(name, [1]);
  const weights: WeightsDescription = {
    name: `${preset}.pth`,
    files: [],
    config: {},
    tensorNames: [...shapes.keys()],
    has: (name) => shapes.has(name),
    info: (name) => ({ dtype: 'F32', shape: shapes.get(name)! }),
  };
  return weights;
}

test('shapes tell which of the published networks weights are', () => {
  for (const preset of ['lite0', 'lite1', 'lite2', 'lite3', 'lite4'] as const)
    expect(describeEfficientNetEncoder(headersOf(preset))).toBe(efficientNetPresets[preset]);
  const squeezing = headersOf('lite0', ['_blocks.0._se_reduce.weight']);
  expect(recogniseEfficientNet(squeezing)).toBe(false);
  expect(() => describeEfficientNetEncoder(squeezing)).toThrow(/squeeze and excite/);
  const empty = { ...squeezing, has: () => false };
  expect(() => describeEfficientNetEncoder(empty)).toThrow(/holds no EfficientNet-Lite.*_conv_stem/);
});

test('blocks are as many and as wide as in TensorFlow’s table', () => {
  const summary = (preset: keyof typeof efficientNetPresets) => {
    const blocks = efficientNetBlocks(efficientNetOptionsSchema.parse(efficientNetPresets[preset]));
    return [blocks.length, blocks.at(-1)!.outputSize];
  };
  expect(summary('lite0')).toEqual([16, 320]);
  expect(summary('lite1')).toEqual([21, 320]);
  expect(summary('lite2')).toEqual([21, 352]);
  expect(summary('lite3')).toEqual([24, 384]);
  expect(summary('lite4')).toEqual([30, 448]);
});

test('every preset of the manifest is complete, and mistakes are named', () => {
  const { presets, optionsSchema } = plugin.encoders['efficientnet-lite'];
  for (const [name, preset] of Object.entries(presets))
    expect(optionsSchema.parse(preset), name).toEqual(preset);
  const wrong = { ...efficientNetPresets.tiny, stages: [] as never };
  expect(() => createEfficientNetEncoder(wrong, { random: createRandomStream(1) })).toThrow(/stages/);
});
