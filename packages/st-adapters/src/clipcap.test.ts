import { createRandomStream, startEngine, withoutLeaks } from '@eim/engine';
import { fixtureTensor, relativeError, setParameters } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import fixture from './__fixtures__/clipcap.json' with { type: 'json' };
import { createClipCapMlp, createClipCapTransformer } from './create-transforms.js';
import { imageRows, shapes } from './testing/shapes.js';

const PRECISION = 1e-4;
const context = () => shapes({ pooledSize: fixture.pooledSize, hiddenSize: fixture.hiddenSize });

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const cases = [
  { name: 'mlp', data: fixture.mlp, create: () => createClipCapMlp(fixture.mlp.options, context()) },
  {
    name: 'mlp on normalised vectors',
    data: fixture.normalised,
    create: () => createClipCapMlp(fixture.normalised.options, context()),
  },
  {
    name: 'transformer',
    data: fixture.transformer,
    create: () => createClipCapTransformer(fixture.transformer.options, context()),
  },
];

describe.each(cases)('ClipCap $name against torch', ({ data, create }) => {
  test('prefix and every gradient', () => {
    const st = create();
    setParameters(st.parameters(), data.weights);
    tf.tidy(() => {
      const features = {
        pooled: fixtureTensor<tf.Tensor2D>(fixture.pooled),
        tokens: tf.zeros([3, 1, 1]) as tf.Tensor3D,
      };
      const rows = imageRows(3);
      const injection = withoutLeaks('transform', () => st.transform(features, rows));
      expect(relativeError(injection.prefix!.embeddings, fixtureTensor(data.prefix))).toBeLessThan(PRECISION);
      expect(injection.prefix!.embeddings.shape[1]).toBe(st.prefixLength);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.square(st.transform(features, rows).prefix!.embeddings)) as tf.Scalar,
        st.parameters().map(({ variable }) => variable),
      );
      for (const { name, variable } of st.parameters()) {
        const expected = fixtureTensor(data.gradients[name as keyof typeof data.gradients]);
        expect(relativeError(grads[variable.name]!, expected), name).toBeLessThan(PRECISION);
      }
    });
    st.dispose();
  });
});

test('features of another width, and none, are refused', () => {
  const st = createClipCapMlp({ prefixLength: 2 }, context());
  const features = { pooled: tf.zeros([1, 7]) as tf.Tensor2D, tokens: tf.zeros([1, 1, 1]) as tf.Tensor3D };
  expect(() => st.transform(features, imageRows(1))).toThrow(/width 7; it was built for 10/);
  expect(() => st.transform({}, imageRows(1))).toThrow(/without the encoder's output 'pooled'/);
  st.dispose();
});

test('heads that do not divide the width are refused', () => {
  const options = { prefixLength: 2, clipLength: 2, blockCount: 1, headCount: 3, feedForwardRatio: 2 };
  expect(() => createClipCapTransformer(options, context())).toThrow(/3 heads, which do not divide/);
});

test('a fresh mapper depends on its seed alone', () => {
  const values = (seed: number): Float32Array => {
    const st = createClipCapMlp({ prefixLength: 2 }, { ...context(), random: createRandomStream(seed) });
    const copy = st.parameters()[0]!.variable.dataSync().slice() as Float32Array;
    st.dispose();
    return copy;
  };
  expect(values(1)).toEqual(values(1));
  expect(values(1)).not.toEqual(values(2));
});
