import { EimError } from '@eim/contracts';
import type { Tensor4D } from '@eim/contracts/model';
import { createRandomStream, startEngine, withoutLeaks } from '@eim/engine';
import { fixtureTensor, relativeError, setParameters } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fixture from './__fixtures__/clip-vision.json' with { type: 'json' };
import type { ClipImageEncoder } from './clip-image-encoder.js';
import { createClipEncoder } from './create-clip-encoder.js';

const PRECISION = 1e-4;
let encoder: ClipImageEncoder;
let pixels: Tensor4D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  encoder = createClipEncoder(fixture.sizes, { random: createRandomStream(1) });
  setParameters(encoder.parameters(), fixture.weights);
  pixels = fixtureTensor(fixture.pixels);
});
afterAll(() => {
  encoder.dispose();
  pixels.dispose();
});

describe('ClipImageEncoder against transformers', () => {
  test('pooled vector, tokens and the hidden layer asked for', () => {
    tf.tidy(() => {
      const { pooled, tokens, hidden } = encoder.encode(pixels, { hiddenLayers: [1, 2] });
      expect(relativeError(pooled, fixtureTensor(fixture.pooled))).toBeLessThan(PRECISION);
      expect(relativeError(tokens, fixtureTensor(fixture.tokens))).toBeLessThan(PRECISION);
      expect([...hidden!.keys()]).toEqual([1, 2]);
      expect(relativeError(hidden!.get(1)!, fixtureTensor(fixture.afterFirstBlock))).toBeLessThan(PRECISION);
      expect(relativeError(hidden!.get(2)!, tokens)).toBe(0);
    });
  });

  test('every gradient', () => {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => {
          const { pooled, tokens } = encoder.encode(pixels);
          return tf.add(tf.sum(tf.square(pooled)), tf.sum(tf.sin(tokens))) as tf.Scalar;
        },
        encoder.parameters().map(({ variable }) => variable),
      );
      expect(value.dataSync()[0]! / fixture.loss).toBeCloseTo(1, 4);
      for (const { name, variable } of encoder.parameters()) {
        const expected = fixtureTensor(fixture.gradients[name as keyof typeof fixture.gradients]);
        expect(relativeError(grads[variable.name]!, expected), name).toBeLessThan(PRECISION);
      }
    });
  });
});

test('encode leaves nothing behind but what it returns', () => {
  const before = tf.memory().numTensors;
  const plain = withoutLeaks('encode', () => encoder.encode(pixels));
  tf.dispose([plain.pooled, plain.tokens]);
  const { pooled, tokens, hidden } = encoder.encode(pixels, { hiddenLayers: [1] });
  tf.dispose([pooled, tokens, ...hidden!.values()]);
  expect(tf.memory().numTensors).toBe(before);
});

test('a picture is encoded alike alone and in a batch', () => {
  tf.tidy(() => {
    const alone = encoder.encode(tf.slice(pixels, [1, 0, 0, 0], [1, 12, 12, 3])).pooled;
    const together = tf.slice(encoder.encode(pixels).pooled, [1, 0], [1, 12]);
    expect(relativeError(alone, together)).toBeLessThan(1e-6);
  });
});

test('pictures of another size are refused', () => {
  const wrong = tf.zeros([1, 16, 16, 3]) as Tensor4D;
  expect(() => encoder.encode(wrong)).toThrow(EimError);
  expect(() => encoder.encode(wrong)).toThrow(/takes \[B,12,12,3\]/);
  wrong.dispose();
});

test('dropout acts in training alone and needs a random stream', () => {
  const dropping = createClipEncoder(
    { ...fixture.sizes, residualDropout: 0.5, attentionDropout: 0.5 },
    { random: createRandomStream(1) },
  );
  tf.tidy(() => {
    const still = dropping.encode(pixels).pooled;
    const first = dropping.encode(pixels, { training: true, random: createRandomStream(5) }).pooled;
    const again = dropping.encode(pixels, { training: true, random: createRandomStream(5) }).pooled;
    expect(relativeError(first, again)).toBe(0);
    expect(relativeError(first, still)).toBeGreaterThan(0.01);
    expect(() => dropping.encode(pixels, { training: true })).toThrow(/random stream/);
  });
  dropping.dispose();
});
