import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { Tensor2D, Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { fixtureTensor, relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import cases from './__fixtures__/family/cases.json' with { type: 'json' };
import type { Llama } from './llama.js';
import { describeLlama, loadLlama } from './load-llama.js';

type FixtureArray = Parameters<typeof fixtureTensor>[0];

const PRECISION = 1e-5;
const folder = join(import.meta.dirname, '__fixtures__', 'family');

/** The weights of a file with a description of one's own; none: the file's. */
async function withWeights<Result>(
  file: string,
  config: Record<string, unknown> | undefined,
  work: (weights: PublishedWeights) => Promise<Result>,
): Promise<Result> {
  const weights = await openPublishedWeights(join(folder, file));
  const described = config && { config: { model_type: 'llama', ...config } };
  try {
    return await work({ ...weights, ...described });
  } finally {
    await weights.close();
  }
}

/** Holds more positions than it says, as the reference does. */
const load = (file: string, config?: Record<string, unknown>): Promise<Llama> =>
  withWeights(file, config, async (weights) =>
    loadLlama(weights, {}, { ...(await describeLlama(weights)), contextLength: 64 }),
  );

function expectLogits(model: Llama, expected: FixtureArray): void {
  tf.tidy(() => {
    const words = model.embed(tf.tensor2d([cases.ids], undefined, 'int32') as Tensor2D);
    const select = tf.tensor1d(cases.rows, 'int32');
    expect(relativeError(model.forward(words, { select }).logits, fixtureTensor(expected))).toBeLessThan(
      PRECISION,
    );
  });
  model.dispose();
}

async function generate(model: Llama, prompts: readonly number[][], count: number): Promise<number[][]> {
  const length = Math.max(...prompts.map((prompt) => prompt.length));
  const filled = (prompt: number[], value: number): number[] => [
    ...Array<number>(length - prompt.length).fill(value),
    ...prompt,
  ];
  const ids = tf.tensor2d(
    prompts.map((prompt) => filled(prompt, 0)),
    undefined,
    'int32',
  );
  const shown = prompts.map((prompt) =>
    filled(
      prompt.map(() => 1),
      0,
    ),
  );
  const mask = tf.tensor2d(shown) as Tensor2D;
  const embeddings = model.embed(ids) as Tensor3D;
  const rows: number[][] = prompts.map(() => []);
  const { stopTokens } = model;
  for await (const step of model.generate({ embeddings, mask, maxNewTokens: count, stopTokens })) {
    for (const [row, added] of step.ids.entries()) rows[row]!.push(...added);
  }
  tf.dispose([ids, mask, embeddings]);
  return rows;
}

describe.each(['cpu', 'wasm'] as const)('against transformers, on %s', (engine) => {
  beforeAll(() => startEngine({ engine }));

  test.each(cases.ropes)('rotary scaling: $name', async ({ configs, logits }) => {
    for (const config of configs) {
      expectLogits(await load('plain.safetensors', { ...cases.sizes, ...config }), logits);
    }
  });

  test.each(cases.activations)('the gate $name', async ({ name, logits }) => {
    expectLogits(await load('plain.safetensors', { ...cases.sizes, hidden_act: name }), logits);
  });

  test('biases, and heads of a width of their own', async () => {
    expectLogits(await load('shaped.safetensors', cases.shaped.config), cases.shaped.logits);
    expectLogits(await load('shaped.gguf'), cases.shaped.logits);
  });

  const growing = cases.ropes.flatMap(({ name, configs, prompts, generated }) =>
    prompts ? [{ name, config: configs[0]!, prompts, generated: generated! }] : [],
  );
  test.each(growing)('$name follows the length while it generates', async (given) => {
    const { config, prompts, generated } = given;
    const model = await withWeights('plain.safetensors', { ...cases.sizes, ...config }, loadLlama);
    expect(model.contextLength).toBe(64);
    for (const [row, prompt] of prompts.entries()) {
      expect(await generate(model, [prompt], 20)).toEqual([generated[row]]);
    }
    // rows of a batch do not change each other, however long the others are
    expect(await generate(model, prompts, 20)).toEqual(generated);
    model.dispose();
  });
});
