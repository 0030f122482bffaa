import type { Tensor2D, Tensor3D } from '@eim/contracts/model';
import { crossEntropy, startEngine, withoutLeaks } from '@eim/engine';
import { fixtureTensor, relativeError } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fixture from './__fixtures__/gpt2.json' with { type: 'json' };
import type { Gpt2 } from './gpt2.js';
import { tinyGpt2 } from './testing/tiny-gpt2.js';

const PRECISION = 1e-4;
const { padded, prefixed } = fixture;
let model: Gpt2;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  model = tinyGpt2();
});
afterAll(() => model.dispose());

const prefixedEmbeddings = (): Tensor3D =>
  tf.tidy(() =>
    tf.concat([fixtureTensor<Tensor3D>(prefixed.prefix), model.embed(fixtureTensor(prefixed.text))], 1),
  );

describe('Gpt2 against transformers', () => {
  test('logits of a left-padded batch', () => {
    tf.tidy(() => {
      const { logits } = model.forward(model.embed(fixtureTensor<Tensor2D>(padded.ids)), {
        mask: fixtureTensor<Tensor2D>(padded.mask),
        positions: fixtureTensor<Tensor2D>(padded.positions),
      });
      const rows = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15], 'int32'); // real slots alone
      const expected = tf.reshape(fixtureTensor(padded.logits), [16, 31]);
      expect(relativeError(tf.gather(logits, rows), tf.gather(expected, rows))).toBeLessThan(PRECISION);
    });
  });

  test('logits, loss and every gradient behind a prefix', () => {
    tf.tidy(() => {
      const prefix = tf.variable(fixtureTensor<Tensor3D>(prefixed.prefix));
      const targets = tf.reshape(fixtureTensor(prefixed.text), [8]) as tf.Tensor1D;
      const select = tf.tensor1d([2, 3, 4, 5, 9, 10, 11, 12], 'int32');
      const loss = (): tf.Scalar => {
        const embeddings = tf.concat([prefix as Tensor3D, model.embed(fixtureTensor(prefixed.text))], 1);
        const { logits } = model.forward(embeddings, { select });
        return crossEntropy(logits, targets, tf.ones([8]), 0) as tf.Scalar;
      };
      const { logits } = model.forward(prefixedEmbeddings());
      expect(relativeError(logits, tf.reshape(fixtureTensor(prefixed.logits), [14, 31]))).toBeLessThan(
        PRECISION,
      );
      const variables = model.parameters().map(({ variable }) => variable);
      // the fixture's text enters as given embeddings, so its token rows get no gradient from the input side
      const fixed = model.embed(fixtureTensor(prefixed.text));
      const { value, grads } = tf.variableGrads(() => {
        const { logits: rows } = model.forward(tf.concat([prefix as Tensor3D, fixed], 1), { select });
        return crossEntropy(rows, targets, tf.ones([8]), 0) as tf.Scalar;
      }, [...variables, prefix]);
      expect(value.dataSync()[0]).toBeCloseTo(prefixed.loss, 4);
      expect(loss().dataSync()[0]).toBeCloseTo(prefixed.loss, 4);
      expect(relativeError(grads[prefix.name]!, fixtureTensor(prefixed.prefixGradient))).toBeLessThan(
        PRECISION,
      );
      for (const { name, variable } of model.parameters()) {
        const expected = fixtureTensor(prefixed.gradients[name as keyof typeof prefixed.gradients]);
        expect(relativeError(grads[variable.name]!, expected), name).toBeLessThan(PRECISION);
      }
      prefix.dispose();
    });
  });

  test.each(fixture.generated)('generates as $request', async ({ request, ids }) => {
    const embeddings = prefixedEmbeddings();
    const before = tf.memory().numTensors;
    const rows: number[][] = [[], []];
    for await (const step of model.generate({ embeddings, ...request })) {
      step.ids.forEach((added, row) => {
        rows[row]!.push(...added);
      });
    }
    expect(rows).toEqual(ids);
    expect(tf.memory().numTensors).toBe(before);
    embeddings.dispose();
  });
});

test('forward leaves nothing behind', () => {
  const embeddings = prefixedEmbeddings();
  const result = withoutLeaks('forward', () => model.forward(embeddings));
  result.logits.dispose();
  embeddings.dispose();
});
