import type { Scalar, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { add, memory, ones, tensor1d, tidy, variable, variableGrads, zerosLike } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { adamWStep, attention, crossEntropy, embedding, gelu, layerNorm, linear } from '../index.js';
import { drawn } from '../testing/drawn.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';

const { skipped } = testedEngines().find(({ engine }) => engine === 'webgpu')!;
const [ROWS, WIDTH, VOCABULARY] = [12, 16, 20];

/** A block of a language model on three captions of four tokens, with its optimizer. */
function model() {
  const made = (shape: number[], name: string) => variable(drawn(shape, name));
  const dense = (name: string, inputs = WIDTH, outputs = WIDTH) =>
    [made([inputs, outputs], `${name}.w`), made([outputs], `${name}.b`)] as const;
  const table = made([VOCABULARY, WIDTH], 'table');
  const [gain, bias] = [variable(ones([WIDTH])), made([WIDTH], 'bias')];
  // Keys have no bias: its gradient is 0, and Adam would make steps of what rounding leaves of it.
  const layers = { query: dense('q'), value: dense('v'), wide: dense('wide', WIDTH, 32) };
  const keys = made([WIDTH, WIDTH], 'k');
  const out = dense('out', 32, VOCABULARY);
  const variables = [table, gain, bias, keys, ...Object.values(layers).flat(), ...out] as Variable[];
  const ids = tensor1d(Int32Array.from({ length: ROWS }, (_, row) => (row * 7) % VOCABULARY));
  const targets = tensor1d(Int32Array.from({ length: ROWS }, (_, row) => (row * 5 + 1) % VOCABULARY));
  const project = (x: Tensor2D, [w, b]: readonly [Variable, Variable]) => linear(x, w as never, b as never);
  const loss = (): Scalar => {
    const x = embedding<Tensor2D>(table as never, ids); // [N, D]
    const read = layerNorm(x, gain as never, bias as never, 1e-5);
    const [query, value] = [project(read, layers.query), project(read, layers.value)];
    const key = linear(read, keys as never);
    const mixed = attention({ query, key, value, batch: 3, headCount: 2 });
    const wide = gelu(project(add(x, mixed), layers.wide));
    return crossEntropy(project(wide, out), targets as Tensor1D, ones([ROWS]) as Tensor1D, 0.1);
  };
  const moments = () => variables.map((one) => variable(zerosLike(one), false));
  const [firstMoments, secondMoments] = [moments(), moments()];
  let taken = 0;
  /** One step. @returns the loss and the gradients before it */
  const step = async () => {
    taken += 1;
    const { value, grads } = variableGrads(loss, variables);
    const gradients = variables.map(({ name }) => grads[name]!);
    adamWStep({
      variables,
      gradients,
      firstMoments,
      secondMoments,
      step: taken,
      learningRates: variables.map(() => 0.01),
      weightDecays: variables.map(() => 0.1),
    });
    const [seen] = await value.data();
    const slopes: number[] = [];
    for (const gradient of gradients) slopes.push(...(await gradient.data()));
    tidy(() => [value, ...gradients].map((one) => one.dispose()));
    return { loss: seen!, slopes };
  };
  return { step, variables };
}

async function fiveSteps(engine: 'cpu' | 'webgpu') {
  await startTested(engine);
  const { step, variables } = model();
  const steps = [await step()];
  const held = memory().numTensors;
  for (let index = 1; index < 5; index++) steps.push(await step());
  expect(memory().numTensors).toBe(held);
  const weights: number[] = [];
  for (const one of variables) weights.push(...(await one.data()));
  return { steps, weights };
}

describe.skipIf(skipped)(`webgpu${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
  test('five training steps equal those on cpu within 1e-3, the first gradients within 1e-4', async () => {
    const reference = await fiveSteps('cpu');
    const found = await fiveSteps('webgpu');
    for (const [index, slope] of reference.steps[0]!.slopes.entries())
      expect(Math.abs(found.steps[0]!.slopes[index]! - slope)).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(slope)),
      );
    for (const [index, { loss }] of reference.steps.entries())
      expect(Math.abs(found.steps[index]!.loss - loss)).toBeLessThan(1e-3 * loss);
    for (const [index, weight] of reference.weights.entries())
      expect(Math.abs(found.weights[index]! - weight)).toBeLessThan(1e-3 * Math.max(1, Math.abs(weight)));
  });
});
