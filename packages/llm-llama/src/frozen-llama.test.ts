import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Llama } from './llama.js';
import { loadLlama } from './load-llama.js';

/** SmolLM2-135M-Instruct in Q4_1, as `eim pull` gets it. */
const smollm2 = process.env.EIM_SMOLLM2 ?? '';
const why = smollm2 && existsSync(smollm2) ? '' : ' (skipped: EIM_SMOLLM2 names no GGUF)';

async function load(path: string, frozen: boolean): Promise<Llama> {
  const weights = await openPublishedWeights(path);
  try {
    return await loadLlama(weights, { frozen });
  } finally {
    await weights.close();
  }
}

/** Logits of a whole text, then of one more token behind its cache; and the loss' gradient by the text's embeddings. */
function outcome(model: Llama, ids: number[]): tf.Tensor[] {
  const text = tf.tensor2d([ids], [1, ids.length], 'int32');
  const embeddings = model.embed(text);
  const { logits, cache } = model.forward(embeddings, { useCache: true });
  const next = model.forward(model.embed(tf.tensor2d([[ids[1]!]], [1, 1], 'int32')), {
    cache: cache!,
    useCache: true,
  });
  const gradient = tf.grad((x) => tf.mean(tf.square(model.forward(x as tf.Tensor3D).logits as Tensor2D)))(
    embeddings,
  );
  return [logits, next.logits, gradient];
}

describe('a frozen LLaMA whose matrices stay in blocks', () => {
  beforeAll(() => startEngine({ engine: 'wasm' }));

  test('equals the dequantised one, forward and by its gradients', async () => {
    const path = join(import.meta.dirname, '__fixtures__/quantised.gguf');
    const [blocks, floats] = [await load(path, true), await load(path, false)];
    const weights = blocks.readOnlyWeights();
    expect(weights.map(({ name, format }) => `${name} ${format}`)).toEqual([
      'tokens.weight q8_0',
      'blocks.0.attention.queryKeyValue.weight q4_0+q5_1',
      'blocks.0.attention.output.weight q4_1',
      'blocks.0.feedForward.gate.weight q5_0',
      'blocks.0.feedForward.input.weight float16',
      'blocks.0.feedForward.output.weight bfloat16',
    ]);
    expect(floats.readOnlyWeights()).toEqual([]);
    const variables = new Map(floats.parameters().map(({ name, variable }) => [name, variable]));
    for (const { name, shape, read, role, depth } of weights) {
      const variable = variables.get(name)!;
      expect(variable.shape, name).toEqual(shape);
      expect(await read(), name).toEqual(await variable.data());
      expect(
        floats.parameters().find((one) => one.name === name),
        name,
      ).toMatchObject({ role, depth });
    }
    expect(blocks.parameters().length + weights.length).toBe(floats.parameters().length);
    const ids = [1, 7, 3, 60, 12, 5, 5, 9];
    const [actual, expected] = [outcome(blocks, ids), outcome(floats, ids)];
    for (const [index, values] of actual.entries()) {
      expect(relativeError(values, expected[index]!)).toBeLessThan(1e-5);
    }
    for (const model of [blocks, floats]) model.dispose();
  });

  test('nothing of it stays in memory', async () => {
    const before = tf.memory().numTensors;
    (await load(join(import.meta.dirname, '__fixtures__/quantised.gguf'), true)).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(`SmolLM2 equals itself dequantised${why}`, { timeout: 300_000 }, async () => {
    const ids = [1, 4093, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018, 411];
    const blocks = await load(smollm2, true);
    const actual = outcome(blocks, ids);
    const bytes = blocks.readOnlyWeights().reduce((sum, { byteCount }) => sum + byteCount, 0);
    expect(bytes).toBeLessThan(98e6);
    blocks.dispose();
    const floats = await load(smollm2, false);
    const expected = outcome(floats, ids);
    floats.dispose();
    for (const [index, values] of actual.entries()) {
      // each side adds up in an order of its own, thirty blocks long
      expect(relativeError(values, expected[index]!)).toBeLessThan(2e-5);
    }
  });
});
