import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { Tensor2D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { recordInsertionPoints, relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import plugin from './index.js';
import { loadGpt2 } from './load-gpt2.js';
import { describedOptions } from './weights/described-options.js';
import { recogniseGpt2 } from './weights/gpt2-naming.js';

const PRECISION = 1e-4;
const folder = join(import.meta.dirname, '__fixtures__');
const { tensors } = await readSafetensorsFile(join(folder, 'expected.safetensors'));
const expected = (name: string) => {
  const { data, shape } = tensors.get(name)!;
  return tf.tensor(data as Float32Array, [...shape]);
};
// without a config.json the heads would be 64 wide, as in all published sizes
const config = { n_head: 4 };

beforeAll(() => startEngine({ engine: 'wasm' }));

test.each([
  ['Hugging Face’s folder', 'hugging-face', {}],
  ['names without a prefix', 'without-prefix.safetensors', { config }],
  ['a ClipCap checkpoint', 'clipcap.pt', { config }],
])('%s computes what transformers computes, half block by half block', async (_, name, described) => {
  const weights = await openPublishedWeights(join(folder, name));
  expect(recogniseGpt2(weights)).toBe(true);
  const before = tf.memory().numTensors;
  const model = await loadGpt2({ ...weights, ...described });
  await weights.close();
  expect(model).toMatchObject({ headCount: 4, blockCount: 2, contextLength: 24, stopTokens: [39] });
  tf.tidy(() => {
    const ids = tf.cast(expected('ids') as Tensor2D, 'int32');
    const { injection, recorded } = recordInsertionPoints(model.insertionPoints);
    const { logits } = model.forward(model.embed(ids), { injection });
    expect(relativeError(tf.reshape(logits, [2, 20, 40]), expected('logits'))).toBeLessThan(PRECISION);
    expect(recorded.size).toBe(8);
    for (const [point, hidden] of recorded) {
      expect(relativeError(tf.reshape(hidden, [2, 20, 16]), expected(point)), point).toBeLessThan(PRECISION);
      hidden.dispose();
    }
  });
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('what does not fit is refused in one error', async () => {
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const without: PublishedWeights = {
    ...weights,
    has: (name) => !/h\.1\.(ln_1|mlp\.c_fc)\.bias$/.test(name) && weights.has(name),
    tensorNames: [...weights.tensorNames, 'score.weight'],
  };
  await expect(loadGpt2(without)).rejects.toThrow(
    /2 missing: transformer\.h\.1\.ln_1\.bias, transformer\.h\.1\.mlp\.c_fc\.bias\n.*1 unexpected: score\.weight/,
  );
  const other = { model_type: 'gpt2', activation_function: 'mish', add_cross_attention: true };
  await expect(loadGpt2({ ...weights, config: other })).rejects.toThrow(
    /add_cross_attention is true.*activation_function is "mish"/,
  );
  await expect(loadGpt2({ ...weights, tensorNames: [] })).rejects.toThrow(/holds no GPT-2 weights/);
  await weights.close();
});

test('what a description leaves out is what transformers takes', async () => {
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  await weights.close();
  const describedWith = (config: Record<string, unknown>) =>
    describedOptions({ ...weights, config }, 'transformer.');
  expect(describedWith({ model_type: 'gpt2' })).toMatchObject({ headCount: 12, activation: 'gelu' });
  expect(describedWith({ activation_function: 'gelu' })).toMatchObject({ activation: 'exact-gelu' });
  expect(describedWith({ activation_function: 'gelu_new' })).toMatchObject({ activation: 'gelu' });
});

test.each(['hugging-face', 'clipcap.pt'])(
  '%s: described options build what is built without options, and take more',
  async (name) => {
    const { describe, load, optionsSchema } = plugin.languageModels.gpt2;
    const weights = await openPublishedWeights(join(folder, name));
    const described = { ...weights, ...(name === 'clipcap.pt' && { config }) };
    const options = optionsSchema.parse({ ...(await describe(described)), residualDropout: 0.1 });
    const models = [await load(described, {}), await load(described, {}, options)];
    await weights.close();
    const [left, right] = models.map((model) => ({
      sizes: [model.headCount, model.contextLength, model.specialTokens, model.stopTokens],
      values: model.parameters().map(({ name: parameter, variable }) => [parameter, variable.dataSync()]),
    }));
    expect(right).toEqual(left);
    tf.tidy(() => {
      const words = models[1]!.embed(tf.tensor2d([[3, 7]], undefined, 'int32'));
      const training = { training: true, random: createRandomStream(1) };
      const still = models[1]!.forward(words).logits;
      expect(relativeError(models[1]!.forward(words, training).logits, still)).toBeGreaterThan(1e-3);
      expect(relativeError(models[0]!.forward(words, training).logits, still)).toBe(0);
    });
    for (const model of models) model.dispose();
  },
);
