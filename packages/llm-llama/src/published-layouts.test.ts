import { join } from 'node:path';
import type { Tensor2D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import plugin from './index.js';
import { llamaOptionsSchema } from './llama-options.js';
import { loadLlama } from './load-llama.js';
import { optionsFromGguf } from './weights/gguf/options-from-gguf.js';
import { optionsFromHuggingFace } from './weights/hugging-face/options-from-hugging-face.js';
import { findLlamaLayout, recogniseLlama } from './weights/llama-layout.js';
import { optionsFromParams } from './weights/options-from-params.js';

const folder = join(import.meta.dirname, '__fixtures__');
const { tensors } = await readSafetensorsFile(join(folder, 'expected.safetensors'));
const published = await openPublishedWeights(join(folder, 'hugging-face'));
const options = optionsFromHuggingFace(published);
await published.close();

beforeAll(() => startEngine({ engine: 'wasm' }));

test.each([
  ['Meta’s layout in two shards', 'meta'],
  ['GGUF', 'llama.gguf'],
])('%s gives the logits of the same model in Hugging Face’s', async (_, name) => {
  const weights = await openPublishedWeights(join(folder, name));
  expect(recogniseLlama(weights)).toBe(true);
  // the factors of LLaMA 3.1 stand in no file of Meta's; GGUF holds them as a tensor
  const model = await loadLlama(weights, {}, name === 'meta' ? options : undefined);
  await weights.close();
  tf.tidy(() => {
    const ids = tf.tensor2d(tensors.get('ids')!.data as Int32Array, [2, 40], 'int32') as Tensor2D;
    const { logits } = model.forward(model.embed(ids));
    const expected = tf.tensor2d(tensors.get('logits')!.data as Float32Array, [80, 64]);
    expect(relativeError(logits, expected)).toBeLessThan(1e-4);
  });
  model.dispose();
});

test('the descriptions say the same of the same model', async () => {
  const { ropeScaling, stopTokens, specialTokens, ...sizes } = llamaOptionsSchema.parse(options);
  expect(ropeScaling).toMatchObject({ type: 'llama3', factor: 8, originalContextLength: 64 });
  expect(stopTokens).toEqual([2, 7]);
  expect(specialTokens).toEqual({ begin: 1, end: 2, pad: 0 });

  const gguf = await openPublishedWeights(join(folder, 'llama.gguf'));
  const normEpsilon = Math.fround(1e-5); // GGUF keeps it in 32 bits
  expect(llamaOptionsSchema.parse(optionsFromGguf(gguf))).toMatchObject({ ...sizes, normEpsilon });
  const meta = await openPublishedWeights(join(folder, 'meta'));
  // params.json names no context; 4096 is that of LLaMA 2, whose epsilon this is
  expect(llamaOptionsSchema.parse(optionsFromParams(meta, findLlamaLayout(meta)!))).toMatchObject({
    ...sizes,
    contextLength: 4096,
  });
  await gguf.close();
  await meta.close();
});

test.each(['hugging-face', 'meta', 'llama.gguf'])(
  '%s: described options build what is built without options',
  async (name) => {
    const { describe, load, optionsSchema } = plugin.languageModels.llama;
    const weights = await openPublishedWeights(join(folder, name));
    const models = [
      await load(weights, {}),
      await load(weights, {}, optionsSchema.parse(await describe(weights))),
    ];
    await weights.close();
    const ids = tf.tensor2d([[3, 7, 40, 21]], undefined, 'int32');
    const [left, right] = models.map((model) => {
      const logits = tf.tidy(() => model.forward(model.embed(ids)).logits.dataSync()); // rotary settings show in it
      const values = model.parameters().map(({ name, variable }) => [name, variable.dataSync()]);
      const { headCount, contextLength, specialTokens, stopTokens } = model;
      model.dispose();
      return { headCount, contextLength, specialTokens, stopTokens, values, logits };
    });
    ids.dispose();
    expect(right).toEqual(left);
  },
);
