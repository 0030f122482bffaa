import type { GenerateRequest, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Gpt2 } from './gpt2.js';
import { tinyGpt2 } from './testing/tiny-gpt2.js';

let model: Gpt2;
beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  model = tinyGpt2();
});
afterAll(() => model.dispose());

let before: number;
beforeEach(() => {
  before = tf.memory().numTensors;
});

const PROMPTS = [[3, 7, 1], [12], [29, 4, 4, 9, 22]];
const defaults = { maxNewTokens: 9, stopTokens: [13] };

/** Generates for prompts laid out on slots; `pad` says on which side the short ones are filled. */
async function generate(
  prompts: readonly (readonly number[])[],
  request: Partial<GenerateRequest> = {},
  pad: 'left' | 'right' = 'left',
): Promise<number[][]> {
  const slots = Math.max(...prompts.map(({ length }) => length));
  const fill = (row: readonly number[], value: number): number[] => {
    const filling = Array<number>(slots - row.length).fill(value);
    return pad === 'left' ? [...filling, ...row] : [...row, ...filling];
  };
  const ids = tf.tensor2d(
    prompts.map((row) => fill(row, 5)),
    undefined,
    'int32',
  );
  const mask = tf.tensor2d(
    prompts.map((row) =>
      fill(
        row.map(() => 1),
        0,
      ),
    ),
  ) as Tensor2D;
  const embeddings = model.embed(ids);
  const rows: number[][] = prompts.map(() => []);
  try {
    for await (const { ids: added } of model.generate({ ...defaults, embeddings, mask, ...request })) {
      added.forEach((step, row) => {
        rows[row]!.push(...step);
      });
    }
  } finally {
    tf.dispose([ids, mask, embeddings]);
  }
  return rows;
}

/** Greedy choice by whole forward passes, without a cache. */
function withoutCache(prompt: readonly number[], count: number): number[] {
  const ids = [...prompt];
  while (ids.length < prompt.length + count) {
    const next = tf.tidy(() => {
      const { logits } = model.forward(model.embed(tf.tensor2d([ids], undefined, 'int32')));
      return tf.argMax(tf.slice(logits, [ids.length - 1, 0], [1, -1]), 1).dataSync()[0]!;
    });
    if (next === 13) break;
    ids.push(next);
  }
  return ids.slice(prompt.length);
}

describe.each([
  ['greedy', {}],
  ['sampled', { temperature: 1.5 }],
  ['beams', { beams: 3 }],
  ['beams that favour length', { beams: 4, lengthPenalty: 2 }],
] as const)('%s', (_, request) => {
  const ask = (random = 9): Partial<GenerateRequest> => ({ ...request, random: createRandomStream(random) });

  test('the first row is the same alone, in a batch, and padded on either side', async () => {
    const alone = await generate([PROMPTS[0]!], ask());
    expect((await generate(PROMPTS, ask()))[0]).toEqual(alone[0]);
    expect((await generate(PROMPTS, ask(), 'right'))[0]).toEqual(alone[0]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the same request gives the same tokens', async () => {
    expect(await generate(PROMPTS, ask())).toEqual(await generate(PROMPTS, ask()));
  });
});

test('greedy tokens of every row equal those found without a cache', async () => {
  expect(await generate(PROMPTS)).toEqual(PROMPTS.map((prompt) => withoutCache(prompt, 9)));
});

test.each([1, 3])('layer prompts follow their rows (beams %d)', async (beams) => {
  const prompts = tf.randomNormal([3, 2, 16], 0, 3, 'float32', 6) as Tensor3D;
  const first = tf.slice(prompts, [0, 0, 0], [1, 2, 16]);
  const gate = tf.tensor1d([1, 0.5, -1, 2]);
  const ask = (rows: Tensor3D) => ({
    beams,
    injection: { layerPrompts: [{ layer: 1, prompts: rows, gate }] },
  });
  const alone = await generate([PROMPTS[0]!], ask(first));
  expect((await generate(PROMPTS, ask(prompts)))[0]).toEqual(alone[0]);
  expect(alone).not.toEqual(await generate([PROMPTS[0]!], { beams }));
  tf.dispose([prompts, first, gate]);
  expect(tf.memory().numTensors).toBe(before);
});

test('sampling follows its seed, and top-k 1 is greedy', async () => {
  const sample = (seed: number) => generate(PROMPTS, { temperature: 3, random: createRandomStream(seed) });
  expect(await sample(1)).not.toEqual(await sample(2));
  const one = await generate(PROMPTS, { temperature: 3, topK: 1, random: createRandomStream(1) });
  expect(one).toEqual(await generate(PROMPTS));
});

test('two calls on one stream draw apart', async () => {
  const random = createRandomStream(4);
  const first = await generate(PROMPTS, { temperature: 3, random });
  expect(await generate(PROMPTS, { temperature: 3, random })).not.toEqual(first);
});

test('the stop token ends a row and is not part of it', async () => {
  const [free] = await generate([PROMPTS[0]!], { stopTokens: [] });
  const stop = free![2]!;
  const [stopped] = await generate([PROMPTS[0]!], { stopTokens: [stop] });
  expect(stopped).toEqual(free!.slice(0, free!.indexOf(stop)));
});

test.each([1, 3])('a full context ends a row (beams %d)', async (beams) => {
  const prompt = Array.from({ length: 22 }, (_, index) => index);
  const [row, short] = await generate([prompt, [1]], { maxNewTokens: 10, stopTokens: [], beams });
  expect(row).toHaveLength(3); // 24 positions: two more are read, and the third is never read back
  expect(short).toHaveLength(10);
});

test('an aborted signal interrupts, and leaving early frees what is held', async () => {
  const controller = new AbortController();
  const embeddings: Tensor3D = tf.tidy(() => model.embed(tf.tensor2d([[3]], undefined, 'int32')));
  const steps: number[] = [];
  const run = async (): Promise<void> => {
    for await (const { ids } of model.generate({ embeddings, ...defaults, signal: controller.signal })) {
      steps.push(...ids[0]!);
      if (steps.length === 2) controller.abort(new Error('enough'));
    }
  };
  await expect(run()).rejects.toThrow('enough');
  expect(steps).toHaveLength(2);
  for await (const _ of model.generate({ embeddings, ...defaults })) break;
  embeddings.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a timer can abort while every step stays on this thread', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('too long')), 5);
  const endless = async (): Promise<void> => {
    for (;;) await generate(PROMPTS, { signal: controller.signal });
  };
  await expect(endless()).rejects.toThrow('too long');
});

test.each([
  [{ maxNewTokens: 0 }, /maxNewTokens is 0/],
  [{ temperature: 1 }, /needs a random stream/],
  [{ temperature: 1, beams: 2, random: createRandomStream(1) }, /cannot be combined/],
  [{ topP: 0 }, /topP is 0/],
] as const)('%j is refused', async (request, message) => {
  await expect(generate(PROMPTS, request)).rejects.toThrow(message);
});

test('a row without a real slot is refused', async () => {
  await expect(generate([[1], []])).rejects.toThrow(/row 1 of the prompt has no real slot/);
});
