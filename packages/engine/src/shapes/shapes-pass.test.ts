import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';

const learned = (...shape: number[]) => tf.variable(tf.fill(shape, 0));
const given = (...shape: number[]) => tf.fill(shape, 0);

/** The gradients of a result by some variables. */
const backward = (result: () => tf.Tensor, ...variables: tf.Variable[]) =>
  tf.variableGrads(() => tf.sum(result()), variables);

const multiplyAdds = (work: () => unknown): number => eim.measureShapes(work).multiplyAdds;

describe('hand formulas', () => {
  // x [5, 7] times W [7, 11]: three products of the same size, of which those that are not needed are not taken.
  const product = 5 * 7 * 11;
  const linear = (x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor) =>
    eim.linear(x as Tensor2D, weight as Tensor2D, bias as Tensor1D | undefined);

  test('linear: forward, backward by all, by the weight, by the input, by the bias', () => {
    expect(multiplyAdds(() => linear(given(5, 7), given(7, 11)))).toBe(product);
    const [x, weight, bias] = [() => learned(5, 7), () => learned(7, 11), () => learned(11)];
    const cost = (choose: (x: tf.Variable, w: tf.Variable, b: tf.Variable) => tf.Variable[]) =>
      multiplyAdds(() => {
        const [a, b, c] = [x(), weight(), bias()];
        backward(() => linear(a, b, c), ...choose(a, b, c));
      });
    expect(cost((a, b, c) => [a, b, c])).toBe(3 * product);
    expect(cost((_, b) => [b])).toBe(2 * product);
    expect(cost((a) => [a])).toBe(2 * product);
    expect(cost((_, __, c) => [c])).toBe(product);
  });

  // B 2, H 4, T 3, S 5, d 6, in groups of 2 key heads: scores and mixing are B H T S d each.
  const [batch, headCount, keyValueHeadCount, queries, keys, width] = [2, 4, 2, 3, 5, 6];
  const scores = batch * headCount * queries * keys * width;
  const attend = (query: tf.Tensor, key: tf.Tensor, value: tf.Tensor) =>
    eim.attention({
      query: query as Tensor2D,
      key: key as Tensor2D,
      value: value as Tensor2D,
      batch,
      headCount,
      keyValueHeadCount,
      bias: tf.fill([1, 1, queries, keys], 0),
      dropout: { rate: 0.1, random: eim.createRandomStream(1) },
    });

  test.each([
    ['nothing', [], 2],
    ['the values', [2], 3],
    ['the queries', [0], 4],
    ['queries and keys', [0, 1], 5],
    ['everything', [0, 1, 2], 6],
  ] as const)('attention that learns %s: inputs %j', (_, chosen, products) => {
    const cost = multiplyAdds(() => {
      const inputs = [
        learned(batch * queries, headCount * width),
        learned(batch * keys, keyValueHeadCount * width),
        learned(batch * keys, keyValueHeadCount * width),
      ] as const;
      const forward = () => attend(...inputs);
      if (chosen.length === 0) forward();
      else backward(forward, ...chosen.map((index) => inputs[index]!));
    });
    expect(cost).toBe(products * scores);
  });

  test('convolution, strided and padded, by input and filter', () => {
    // 8 x 8 padded by 1, a filter of 3 x 3 and a stride of 2: 4 x 4 outputs.
    const once = 2 * 4 * 4 * 5 * (3 * 3 * 3);
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      eim.conv2d(x as Tensor4D, filter as Tensor4D, { stride: 2, padding: 1 });
    const cost = (take: (x: tf.Variable, filter: tf.Variable) => unknown) =>
      multiplyAdds(() => take(learned(2, 8, 8, 3), learned(3, 3, 3, 5)));
    expect(cost(convolve)).toBe(once);
    expect(cost((x, filter) => backward(() => convolve(x, filter), filter))).toBe(2 * once);
    expect(cost((x, filter) => backward(() => convolve(x, filter), x, filter))).toBe(3 * once);
  });

  test('depthwise convolution, by input and filter', () => {
    const once = 2 * 4 * 4 * 6 * (3 * 3);
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      eim.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, 2);
    const cost = (take: (x: tf.Variable, filter: tf.Variable) => unknown) =>
      multiplyAdds(() => take(learned(2, 8, 8, 6), learned(3, 3, 6, 1)));
    expect(cost(convolve)).toBe(once);
    expect(cost((x, filter) => backward(() => convolve(x, filter), x))).toBe(2 * once);
    expect(cost((x, filter) => backward(() => convolve(x, filter), x, filter))).toBe(3 * once);
  });

  test('einsum forward and backward', () => {
    const cost = multiplyAdds(() => {
      const [a, b] = [learned(4, 5, 6), learned(4, 7, 6)];
      backward(() => tf.einsum('bij,bkj->bik', a, b), a, b);
    });
    expect(cost).toBe(3 * 4 * 5 * 6 * 7);
  });
});

describe('what a pass leaves alone', () => {
  const engines = testedEngines().filter(({ skipped }) => !skipped);
  describe.each(engines)('on $engine', ({ engine }) => {
    beforeAll(async () => {
      await startTested(engine);
    });

    test('the engine, its memory, scopes and tape; tensors of the engine are only looked at', () => {
      const [x, weight] = [tf.fill([3, 4], 2) as Tensor2D, tf.fill([4, 2], 3) as Tensor2D];
      const outer = tf.tidy(() => learned(4, 2)) as tf.Variable;
      const before = { ...tf.memory(), backend: tf.getBackend(), instance: tf.backend() };
      const kept = tf.variableGrads(() => {
        const product = eim.linear(x, outer as never);
        const cost = eim.measureShapes(() => {
          tf.keep(eim.linear(x, weight));
          const inner = learned(4, 2);
          backward(() => eim.linear(x, inner as never), inner);
          expect(tf.getBackend()).toMatch(/^shapes/);
        });
        expect(cost).toMatchObject({ multiplyAdds: 3 * 24, parameters: 8 });
        return tf.sum(product) as tf.Scalar;
      }, [outer]);
      expect(Object.values(kept.grads)[0]!.dataSync()[0]).toBe(6);
      tf.dispose([kept.value, kept.grads]);
      expect({ ...tf.memory(), backend: tf.getBackend(), instance: tf.backend() }).toEqual(before);
      expect(Array.from(eim.linear(x, weight).dataSync())).toEqual(Array(6).fill(24));
    });
  });

  test('after an error and after a promise', async () => {
    const backend = tf.getBackend();
    const pass = new eim.ShapesPass();
    expect(() => pass.run(() => given(2).dataSync())).toThrow(/value was read from a tensor of shape \[2\]/);
    const outside = tf.fill([2], 1);
    expect(() => pass.run(() => outside.dataSync())).toThrow(/value was read from a tensor in a shapes pass/);
    expect(() => pass.run(() => tf.complex(given(2), given(2)))).toThrow(/what 'Complex' gives is not known/);
    expect(tf.getBackend()).toBe(backend);
    const waiting = pass.run(async () => {
      await Promise.resolve();
      return given(3).arraySync();
    });
    expect(() => new eim.ShapesPass().run(() => given(1))).toThrow(/while another one was open/);
    await expect(waiting).rejects.toThrow(/shape \[3\]/);
    expect(tf.getBackend()).toBe(backend);
    expect(() => pass.measure(async () => given(1))).toThrow(/returned a promise/);
    outside.dispose();
  });
});

describe('accounts and memory', () => {
  test('forward and backward are charged to the innermost name', () => {
    const pass = new eim.ShapesPass();
    const [x, first, second] = pass.run(() => [given(5, 7), learned(7, 11), learned(11, 3)] as const);
    const cost = pass.measure(() =>
      backward(
        () =>
          eim.chargedTo('outer', () => {
            const hidden = eim.chargedTo('inner', () => eim.linear(x as Tensor2D, first as never));
            return eim.linear(eim.gelu(hidden), second as never);
          }),
        first,
        second,
      ),
    );
    expect(cost.multiplyAddsBy).toEqual({ inner: 2 * 5 * 7 * 11, outer: 3 * 5 * 11 * 3 });
    expect(cost.multiplyAdds).toBe(2 * 5 * 7 * 11 + 3 * 5 * 11 * 3);
  });

  test('the peak holds what the backward pass needs and no more; what shares memory counts once', () => {
    const pass = new eim.ShapesPass();
    const x = pass.run(() => learned(10, 10));
    // The product, its double, and the number that doubles it.
    const forward = pass.measure(() => tf.mul(tf.reshape(tf.matMul(x as never, x as never), [100]), 2));
    expect(forward.peakBytes).toBe(2 * 400 + 4);
    // The product, its gradient and the ones that this is made of, the gradient by each factor, the sum of the two;
    // and two numbers: the sum and its gradient.
    const step = pass.measure(() => backward(() => tf.matMul(x as never, x as never), x));
    expect(step.peakBytes).toBe(6 * 400 + 2 * 4);
  });

  test('draws take no memory and move the stream as draws of values do', () => {
    const [there, here] = [eim.createRandomStream(3), eim.createRandomStream(3)];
    eim.measureShapes(() => {
      here.uniformTensor([2 ** 20, 2 ** 20]);
    });
    for (let call = 0; call < 2; call++) there.uniformTensor([4]).dispose();
    expect(here.state()).toBe(there.state());
  });
});
