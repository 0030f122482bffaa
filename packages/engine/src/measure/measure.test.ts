import type { Rank, Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';
import { drawn } from '../testing/drawn.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';

describe.each(['cpu', 'wasm'] as const)('measuring on %s', (engine) => {
  beforeAll(() => eim.startEngine({ engine }));

  test('counts the multiply-adds of products by formula, forward and backward', () => {
    const [x, weight] = [drawn<Tensor2D>([5, 7]), drawn<Tensor2D>([7, 11])];
    const forward = eim.measureMultiplyAdds(() => eim.linear(x, weight));
    expect(forward.result.shape).toEqual([5, 11]);
    expect(forward.multiplyAdds).toBe(5 * 7 * 11);
    const both = () => tf.grads((a, b) => eim.linear(a as Tensor2D, b as Tensor2D))([x, weight]);
    expect(eim.measureMultiplyAdds(both).multiplyAdds).toBe(3 * 5 * 7 * 11);
  });

  test('counts stacks, attention and einsum', () => {
    const [a, b] = [drawn<Tensor3D>([4, 5, 6]), drawn<Tensor3D>([4, 7, 6])];
    expect(eim.measureMultiplyAdds(() => eim.matMul(a, b, { transposeB: true })).multiplyAdds).toBe(
      4 * 5 * 6 * 7,
    );
    const [query, key] = [drawn<Tensor2D>([2 * 3, 8]), drawn<Tensor2D>([2 * 5, 8])];
    const attend = () => eim.attention({ query, key, value: key, batch: 2, headCount: 4 });
    expect(eim.measureMultiplyAdds(attend).multiplyAdds).toBe(2 * (2 * 4 * 3 * 5 * 2));
    expect(eim.measureMultiplyAdds(() => tf.einsum('bij,bkj->bik', a, b)).multiplyAdds).toBe(4 * 5 * 6 * 7);
  });

  test('counts convolutions and both of their gradients', () => {
    const [image, filter] = [drawn<Tensor4D>([2, 6, 6, 3]), drawn<Tensor4D>([3, 3, 3, 5])];
    const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'valid');
    const once = 2 * 4 * 4 * 5 * 3 * 3 * 3;
    expect(eim.measureMultiplyAdds(() => convolve(image, filter)).multiplyAdds).toBe(once);
    const backward = () => tf.grads(convolve)([image, filter]);
    expect(eim.measureMultiplyAdds(backward).multiplyAdds).toBe(3 * once);
  });

  test('the running count goes on, also after the engine is started again', async () => {
    const before = eim.multiplyAddsSoFar();
    await eim.startEngine({ engine });
    eim.matMul(drawn<Tensor2D>([2, 3]), drawn<Tensor2D>([3, 4]));
    expect(eim.multiplyAddsSoFar() - before).toBe(24);
  });

  test('withoutLeaks names what leaks and by how much, also after a promise', async () => {
    expect(eim.withoutLeaks('sum', () => tf.tidy(() => tf.add(1, 2))).arraySync()).toBe(3);
    expect(() => eim.withoutLeaks('forgetful', () => void tf.zeros([2]))).toThrow(
      'forgetful left 1 tensor behind',
    );
    const given = tf.zeros([1]);
    expect(() => eim.withoutLeaks('greedy', () => given.dispose())).toThrow('disposed of 1 tensor that it');
    const later = eim.withoutLeaks('later', async () => {
      await Promise.resolve();
      tf.zeros([1]);
      return { kept: tf.ones([1]) };
    });
    await expect(later).rejects.toThrow('later left 1 tensor behind');
  });

  test('engineMemory counts tensors and bytes', () => {
    const before = eim.engineMemory();
    const held = tf.zeros([256]);
    const after = eim.engineMemory();
    expect(after.tensors - before.tensors).toBe(1);
    expect(after.bytes - before.bytes).toBe(1024);
    if (engine === 'wasm') expect(after.heapBytes).toBeGreaterThan(after.bytes);
    held.dispose();
  });
});

test.each(testedEngines().filter(({ skipped }) => !skipped))(
  'a product with a bias counts once on $engine, as by shapes, also where its kernel calls another',
  async ({ engine }) => {
    await startTested(engine);
    const [x, weight, bias] = [drawn<Tensor2D>([5, 7]), drawn<Tensor2D>([7, 11]), drawn<Tensor1D>([11])];
    const both = () => tf.grads((a, b) => eim.linear(a as Tensor2D, b as Tensor2D, bias))([x, weight]);
    expect(eim.measureMultiplyAdds(both).multiplyAdds).toBe(3 * 5 * 7 * 11);
    expect(eim.measureShapes(both).multiplyAdds).toBe(3 * 5 * 7 * 11);
    tf.dispose([x, weight, bias]);
  },
);

describe('missingKernels on wasm', () => {
  beforeAll(() => eim.startEngine({ engine: 'wasm' }));
  const lent = 'Einsum';
  let removed: tf.KernelConfig | undefined;
  afterEach(() => {
    if (removed) tf.registerKernel(removed);
    removed = undefined;
  });

  test('is empty for a training step of a small model', () => {
    const table = tf.variable(drawn<Tensor2D>([5, 4]));
    const ids = tf.tensor1d([1, 2, 3], 'int32');
    const before = tf.memory().numTensors;
    const step = () => {
      tf.variableGrads(() =>
        eim.crossEntropy(eim.gelu(eim.embedding<tf.Tensor<Rank.R2>>(table as never, ids)), ids, tf.ones([3])),
      );
    };
    expect(eim.missingKernels(step)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('names every one, with the step run to its end on the reference', () => {
    removed = tf.getKernel(lent, 'wasm');
    tf.unregisterKernel(lent, 'wasm');
    const [a, b] = [drawn<Tensor2D>([2, 3]), drawn<Tensor2D>([3, 2])];
    let value = Number.NaN;
    const names = eim.missingKernels(() => {
      const product = tf.einsum('ij,jk->ik', a, b);
      const image = drawn<Tensor4D>([1, 4, 4, 2]);
      const filter = drawn<Tensor4D>([3, 3, 2, 1]);
      const slope = tf.grad((x) => tf.depthwiseConv2d(x as Tensor4D, filter, 1, 'valid'))(image);
      value = tf.add<Scalar>(tf.sum(product), tf.sum(slope)).arraySync();
    });
    expect(names).toEqual(['DepthwiseConv2dNativeBackpropInput', 'Einsum']);
    expect(Number.isFinite(value)).toBe(true);
    expect(eim.missingKernels(() => void tf.complex([1], [2]))).toEqual(['Complex']);
    expect(tf.getKernel('DepthwiseConv2dNativeBackpropInput', 'wasm')).toBeUndefined();
  });
});
