import type {
  BlockAdapter,
  Injection,
  LayerPrompt,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causalBias, decoderBias } from './attention-bias.js';
import { normal } from './initialisers.js';
import { ParameterScope } from './parameter-scope.js';
import { gradientErrors, relativeError } from './testing/index.js';
import { tidied } from './tidied.js';
import { TransformerStack } from './transformer-stack.js';

const [batch, length, size, headCount] = [2, 4, 8, 2];
let scope: ParameterScope;
let stack: TransformerStack;
let x: Tensor2D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  scope = ParameterScope.root(createRandomStream(1));
  const initialise = normal(0.5);
  stack = new TransformerStack(scope, {
    size,
    headCount,
    blockCount: 2,
    feedForwardSize: 12,
    activation: 'gelu',
    normEpsilon: 1e-5,
    initialise: {
      queryKeyValue: initialise,
      attentionOutput: initialise,
      feedForwardInput: initialise,
      feedForwardOutput: initialise,
      bias: () => initialise,
    },
  });
  x = tf.randomNormal([batch * length, size], 0, 1, 'float32', 3);
});
afterAll(() => {
  scope.dispose();
  x.dispose();
});

const hiddenWith = (injection: Injection): Tensor2D =>
  tidied(() => stack.apply(x, { batch, length, bias: causalBias(length), injection }).hidden);

describe('gradients equal finite differences', () => {
  const random = createRandomStream(2);
  const weights = (seed: number, shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', seed);

  test('of every parameter, and of prompts and gates', () => {
    const prompts = tf.variable(weights(4, [1, 3, size]));
    const gate = tf.variable(tf.tensor1d([0.7, -0.4]));
    const layerPrompts = [
      { layer: 1, prompts: prompts as unknown as Tensor3D, gate: gate as unknown as Tensor1D },
    ];
    const checks = gradientErrors({
      variables: [
        ...scope.parameters(),
        { name: 'prompts', variable: prompts },
        { name: 'gate', variable: gate },
      ],
      loss: () => tf.mean(tf.sin(hiddenWith({ layerPrompts }))),
      random,
    });
    for (const { name, error } of checks) expect(error, name).toBeLessThan(0.02);
    tf.dispose([prompts, gate]);
  });
});

describe('layer prompts', () => {
  const prompt = (rows: number, gate: number[]): LayerPrompt => ({
    layer: 0,
    prompts: tf.tile(tf.randomNormal([1, 3, size], 0, 1, 'float32', 7), [rows, 1, 1]) as Tensor3D,
    gate: tf.tensor1d(gate),
  });

  test('a gate of 0 changes nothing, another does, and shared prompts equal prompts by row', () => {
    tf.tidy(() => {
      const plain = hiddenWith({});
      expect(relativeError(hiddenWith({ layerPrompts: [prompt(1, [0, 0])] }), plain)).toBe(0);
      const shared = hiddenWith({ layerPrompts: [prompt(1, [0.5, 0])] });
      expect(relativeError(shared, plain)).toBeGreaterThan(0.01);
      expect(relativeError(hiddenWith({ layerPrompts: [prompt(batch, [0.5, 0])] }), shared)).toBe(0);
    });
  });
});

describe('block adapters', () => {
  const by = [1, -0.5, 0.5, 0, 0.3, 0, -1, 0.2]; // uneven, since a norm takes an even shift away
  const shift: BlockAdapter = { apply: (hidden) => tf.add(hidden, by) };

  test.each(['attention.input', 'attention.output', 'mlp.input', 'mlp.output'] as const)(
    'act at %s',
    (place) => {
      tf.tidy(() => {
        const blockAdapters = new Map([[`blocks.1.${place}`, shift]]);
        const change = tf.sub(hiddenWith({ blockAdapters }), hiddenWith({}));
        const spread = tf.max(tf.abs(tf.sub(change, by))).dataSync()[0]!;
        // at the end of the last block the shift enters the result unchanged; elsewhere it passes through layers
        if (place === 'mlp.output') expect(spread).toBeLessThan(1e-5);
        else expect(spread).toBeGreaterThan(0.01);
      });
    },
  );

  test('route once, where rows begin; the cache carries the choice on', () => {
    const seen: (number[][] | undefined)[] = [];
    const router: BlockAdapter = {
      route: (hidden) => tf.slice(tf.reshape(hidden, [batch, -1]), [0, 0], [batch, 1]) as Tensor2D,
      apply: (hidden, _shape, routes) => {
        seen.push(routes?.arraySync());
        return hidden;
      },
    };
    const injection = { blockAdapters: new Map([['blocks.0.attention.input', router]]) };
    tf.tidy(() => {
      const first = stack.apply(x, { batch, length, bias: causalBias(length), injection }).cache;
      const swapped = first.gather([1, 0]);
      const next = tf.slice(x, [0, 0], [batch, size]) as Tensor2D;
      stack.apply(next, { batch, length: 1, cache: first, injection });
      stack.apply(next, { batch, length: 1, cache: swapped, injection });
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual([seen[0]![1], seen[0]![0]]);
  });
});

test('positions given one by one with a cache equal all at once', () => {
  tf.tidy(() => {
    const whole = tf.reshape(hiddenWith({}), [batch, length, size]);
    const byRow = tf.reshape(x, [batch, length, size]);
    let cache: ReturnType<typeof stack.apply>['cache'] | undefined;
    for (let position = 0; position < length; position++) {
      const row: Tensor2D = tf.reshape(tf.slice(byRow, [0, position, 0], [batch, 1, size]), [batch, size]);
      const bias = decoderBias({ queryLength: 1, keyLength: position + 1 });
      const result = stack.apply(row, { batch, length: 1, bias, cache });
      cache = result.cache;
      const expected = tf.reshape(tf.slice(whole, [0, position, 0], [batch, 1, size]), [batch, size]);
      expect(relativeError(result.hidden, expected), `position ${position}`).toBeLessThan(1e-5);
    }
    expect(cache!.length).toBe(length);
  });
});

test('outputs after blocks asked for', () => {
  tf.tidy(() => {
    const { hidden, afterBlock } = stack.apply(x, { batch, length }, [2]);
    expect(Object.keys(afterBlock)).toEqual(['2']);
    expect(relativeError(afterBlock[2]!, hidden)).toBe(0);
  });
});
