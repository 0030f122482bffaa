import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { Tensor2D, Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { recordInsertionPoints, relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import generated from './__fixtures__/generated.json' with { type: 'json' };
import penalised from './__fixtures__/penalised.json' with { type: 'json' };
import type { Llama } from './llama.js';
import { llamaPresets } from './llama-presets.js';
import { loadLlama } from './load-llama.js';
import { recogniseLlama } from './weights/llama-layout.js';

/** What transformers' `generate` was asked for, and gave. */
interface Request {
  readonly beams: number;
  readonly lengthPenalty: number;
  readonly repetitionPenalty?: number;
  readonly ids: number[][];
}

const PRECISION = 1e-4;
const folder = join(import.meta.dirname, '__fixtures__');
const { tensors } = await readSafetensorsFile(join(folder, 'expected.safetensors'));
const expected = (name: string) => {
  const { data, shape } = tensors.get(name)!;
  return tf.tensor(data as Float32Array, [...shape]);
};
const ids = (): Tensor2D => tf.cast(expected('ids') as Tensor2D, 'int32');

async function load(name: string, ...rest: [options?: Parameters<typeof loadLlama>[2]]): Promise<Llama> {
  const weights = await openPublishedWeights(join(folder, name));
  try {
    expect(recogniseLlama(weights)).toBe(true);
    return await loadLlama(weights, {}, ...rest);
  } finally {
    await weights.close();
  }
}

describe('a LLaMA in Hugging Face’s layout, against transformers, on wasm', () => {
  let model: Llama;
  beforeAll(async () => {
    await startEngine({ engine: 'wasm' });
    model = await load('hugging-face');
  });
  afterAll(() => model.dispose());

  test('what goes into and comes out of every half of every block, and the logits', () => {
    tf.tidy(() => {
      const { injection, recorded } = recordInsertionPoints(model.insertionPoints);
      const { logits } = model.forward(model.embed(ids()), { injection });
      expect(relativeError(tf.reshape(logits, [2, 40, 64]), expected('logits'))).toBeLessThan(PRECISION);
      expect(recorded.size).toBe(8);
      for (const [name, hidden] of recorded) {
        expect(relativeError(tf.reshape(hidden, [2, 40, 32]), expected(name)), name).toBeLessThan(PRECISION);
        hidden.dispose();
      }
    });
  });

  test('two calls with a cache equal one', () => {
    tf.tidy(() => {
      const words = model.embed(ids());
      const first = model.forward(tf.slice(words, [0, 0, 0], [2, 15, 32]), { useCache: true });
      const { logits } = model.forward(tf.slice(words, [0, 15, 0], [2, 25, 32]), { cache: first.cache! });
      const all = tf.reshape(expected('logits'), [2, 40, 64]);
      const rows = tf.slice(all, [0, 15, 0], [2, 25, 64]);
      expect(relativeError(tf.reshape(logits, [2, 25, 64]), rows)).toBeLessThan(PRECISION);
    });
  });

  const requests: Request[] = [...generated, ...penalised];
  test.each(requests)('generates as asked: $beams, $lengthPenalty, $repetitionPenalty', async (request) => {
    const embeddings = tf.tidy(() => model.embed(tf.slice(ids(), [0, 0], [2, 6]))) as Tensor3D;
    const rows: number[][] = [[], []];
    const { beams, lengthPenalty, repetitionPenalty = 1 } = request;
    const prompt = [...tensors.get('ids')!.data].map(Number);
    const length = tensors.get('ids')!.shape[1]!;
    for await (const step of model.generate({
      embeddings,
      beams,
      lengthPenalty,
      repetitionPenalty,
      promptIds: [0, 1].map((row) => prompt.slice(row * length, row * length + 6)),
      maxNewTokens: 12,
      stopTokens: model.stopTokens,
    })) {
      step.ids.forEach((added, row) => {
        rows[row]!.push(...added);
      });
    }
    expect(rows).toEqual(request.ids);
    embeddings.dispose();
  });
});

test('wrong and missing tensors are listed in one error, before any is read', async () => {
  await startEngine({ engine: 'cpu' });
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const reads: string[] = [];
  const broken: PublishedWeights = {
    ...weights,
    tensorNames: [...weights.tensorNames.filter((name) => name !== 'model.norm.weight'), 'lm_head.bias'],
    has: (name) => name !== 'model.norm.weight' && weights.has(name),
    info: (name) =>
      name.endsWith('1.mlp.up_proj.weight') ? { dtype: 'F32', shape: [3, 4] } : weights.info(name),
    read: (name) => {
      reads.push(name);
      return weights.read(name);
    },
  };
  const before = tf.memory().numTensors;
  await expect(loadLlama(broken)).rejects.toThrow(
    /1 missing: model.norm.weight\n.*1 of another shape: model.layers.1.mlp.up_proj.weight is \[3,4\] and should be \[48,32\]\n.*1 unexpected: lm_head.bias/s,
  );
  await expect(
    loadLlama({ ...weights, config: { model_type: 'llama', attention_bias: 1, alibi: true } }),
  ).rejects.toThrow(/alibi is true; only false is supported; .*attention_bias is 1, not true or false/);
  const endless = { ...weights, config: { ...weights.config, num_hidden_layers: 1e9 } };
  await expect(loadLlama(endless)).rejects.toThrow(/blockCount: .*1000/);
  await expect(loadLlama({ ...weights, tensorNames: [] })).rejects.toThrow(/holds no LLaMA weights/);
  await expect(loadLlama(weights, {}, llamaPresets['llama3.2-1b'])).rejects.toThrow(
    /64,32\] and should be \[128256/,
  );
  expect(reads).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
  await weights.close();
});
