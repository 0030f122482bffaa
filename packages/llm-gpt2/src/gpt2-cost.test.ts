import type { Parameter, Tensor1D, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, crossEntropy, ShapesPass } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createGpt2 } from './create-gpt2.js';
import { gpt2ParameterCount } from './gpt2-options.js';
import { gpt2Presets } from './gpt2-presets.js';

// B rows of T tokens, of which S are predicted; D wide, F in between, L blocks, V ids.
const [B, T, S] = [4, 32, 50];
const preset = gpt2Presets['gpt2-medium'];
const {
  hiddenSize: D,
  blockCount: L,
  feedForwardSize: F,
  vocabularySize: V,
} = preset as Required<typeof preset>;
const queryKeyValue = B * T * D * 3 * D;
const output = B * T * D * D;
const feedForward = 2 * B * T * D * F;
const linear = queryKeyValue + output + feedForward;
/** Scores, and mixing by them. */
const attention = 2 * B * T * T * D;
const head = S * D * V;

const random = createRandomStream(1);

function stepOf(chosen: (parameter: Parameter) => boolean, prefix = false) {
  const pass = new ShapesPass();
  const model = pass.run(() => createGpt2(preset, { random }));
  const input = pass.run(() => tf.variable(tf.fill([B, T, D], 0)));
  const learning = model.parameters().filter(chosen);
  const variables = [...learning.map(({ variable }) => variable), ...(prefix ? [input] : [])];
  return pass.measure(() => {
    const ids = tf.fill<tf.Rank.R2>([B, T], 0, 'int32');
    const select = tf.fill<tf.Rank.R1>([S], 0, 'int32') as Tensor1D;
    const weights = tf.fill<tf.Rank.R1>([S], 1) as Tensor1D;
    const loss = () => {
      const embeddings = prefix ? (input as unknown as Tensor3D) : model.embed(ids);
      const { logits } = model.forward(embeddings, { select, training: true, random });
      return crossEntropy(logits, select, weights);
    };
    return variables.length > 0 ? tf.variableGrads(loss, variables) : loss();
  });
}

test('the step of GPT-2 medium costs what its formula says, whatever learns', () => {
  const forward = L * (linear + attention) + head;
  expect(stepOf(() => false).multiplyAdds).toBe(forward);
  expect(stepOf(() => true).multiplyAdds).toBe(3 * forward);
  // What learns lies before all of it: every product by its input, none by its weight; scores and mixing by both.
  expect(stepOf(() => false, true).multiplyAdds).toBe(L * (2 * linear + 3 * attention) + 2 * head);
  // Nothing goes back beyond what learns first: the last block with its norms, or its first weight alone.
  expect(stepOf(({ depth }) => depth === L).multiplyAdds).toBe(forward + 2 * (linear + attention) + head);
  expect(stepOf(({ name }) => name === `blocks.${L - 1}.attention.queryKeyValue.weight`).multiplyAdds).toBe(
    forward + queryKeyValue + 2 * attention + output + feedForward + head,
  );
});

test('nothing is allocated: GPT-2 medium takes no arrays and little memory', () => {
  const before = process.memoryUsage();
  let parameters = 0;
  const pass = new ShapesPass();
  const model = pass.run(() => createGpt2(preset, { random }));
  for (const { variable } of model.parameters()) parameters += variable.size;
  expect(parameters).toBe(gpt2ParameterCount({ ...preset, vocabularySize: V }));
  const { peakBytes } = stepOf(() => true);
  // The gradients alone are as large as the parameters.
  expect(peakBytes).toBeGreaterThan(4 * parameters);
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4e6);
  expect(after.rss - before.rss).toBeLessThan(50e6);
});
