import type { Injection, ModelParts } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyParts, createTinyTokenizer, TinySemanticTransform } from '../testing/tiny-parts/index.js';
import { composeModel } from './compose-model.js';
import { disposeFeatures, encodeAndKeep } from './features.js';
import { injectRows } from './inject-rows.js';
import { rowLogits, targetIds, textLogits } from './row-logits.js';
import { onePictureEach } from './transform-context.js';

const random = createRandomStream('captions');
const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc']);
let parts: ModelParts;
let pixels: tf.Tensor4D;
let ids: tf.Tensor2D;
let mask: tf.Tensor2D;
/** Two rows for each of two pictures, in their order. */
const tiled = { rowCount: 4, pictureCount: 2, rowsPerPicture: 2 };

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random, tokenizer });
  pixels = random.uniformTensor([2, 4, 4, 3]) as tf.Tensor4D;
  const rows = [
    [1, 4, 6, 2],
    [1, 5, 2, 0],
    [1, 7, 2, 0],
    [1, 5, 7, 2],
  ];
  ids = tf.tensor2d(rows, [4, 4], 'int32');
  mask = tf.tensor2d(rows.map((row) => row.map((id) => (id === 0 ? 0 : 1))));
});

afterAll(() => {
  composeModel(parts).dispose();
  tf.dispose([pixels, ids, mask]);
});

const read = (make: () => tf.Tensor): number[] => {
  const tensor = tf.tidy(make);
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
};
const closeTo = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index]!, 5);
};

describe('rowLogits', () => {
  it('predicts each target from the position before it', () => {
    const vocabularySize = tokenizer.vocabularySize;
    const all = read(() => rowLogits(parts, { pixels, ids, mask, ...tiled }));
    expect(all.length).toBe(4 * (2 + 4) * vocabularySize);
    const indices = [1, 2, 3, 5, 6, 8, 15]; // flat in [4, 4]
    const selected = read(() => {
      const targetIndices = tf.tensor1d(indices, 'int32');
      return rowLogits(parts, { pixels, ids, mask, ...tiled, targetIndices });
    });
    const expected = indices.flatMap((index) => {
      const position = Math.floor(index / 4) * 6 + 2 + (index % 4) - 1;
      return all.slice(position * vocabularySize, (position + 1) * vocabularySize);
    });
    closeTo(selected, expected);
  });

  it('gives consecutive rows their own picture', () => {
    const together = read(() => rowLogits(parts, { pixels, ids, mask, ...tiled }));
    const apart = [0, 0, 1, 1].flatMap((picture, row) =>
      read(() =>
        rowLogits(parts, {
          pixels: tf.slice(pixels, [picture, 0, 0, 0], [1, -1, -1, -1]),
          ids: tf.slice(ids, [row, 0], [1, -1]),
          mask: tf.slice(mask, [row, 0], [1, -1]),
          ...onePictureEach(1),
        }),
      ),
    );
    closeTo(together, apart);
  });

  it('gives the same from features as from pixels', () => {
    const features = encodeAndKeep(parts, { pixels });
    const input = { ids, mask, ...tiled };
    closeTo(
      read(() => rowLogits(parts, { ...input, features })),
      read(() => rowLogits(parts, { ...input, pixels })),
    );
    disposeFeatures(features);
  });

  it('refuses to run without a picture', () => {
    expect(() => rowLogits(parts, { ids, mask, ...tiled })).toThrow('neither pixels nor features');
  });

  it('lets gradients reach all three parts', () => {
    const before = tf.memory().numTensors;
    const { value, grads } = tf.variableGrads(() => {
      const targetIndices = tf.tensor1d([1, 2, 5], 'int32');
      const logits = rowLogits(parts, { pixels, ids, mask, ...tiled, targetIndices });
      const oneHot = tf.oneHot(targetIds(ids, targetIndices), tokenizer.vocabularySize);
      return tf.losses.softmaxCrossEntropy(oneHot, logits) as tf.Scalar;
    });
    const zero = Object.entries(grads).filter(([, gradient]) =>
      tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0] === 0),
    );
    expect(Object.keys(grads).length).toBe(16);
    expect(zero.map(([name]) => name)).toEqual([]);
    tf.dispose([value, grads] as unknown as tf.TensorContainer);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('textLogits', () => {
  it('starts text alone at a later position when asked to', () => {
    const input = { ids, mask };
    const at = (firstPosition: number) => read(() => textLogits(parts.llm, input, { firstPosition }));
    closeTo(
      at(0),
      read(() => textLogits(parts.llm, input)),
    );
    expect(at(3)).not.toEqual(at(0));
  });
});

describe('injectRows', () => {
  it('makes block adapters from one row a row, and all else from one a picture', () => {
    const st = new TinySemanticTransform({ random });
    const batches: number[] = [];
    let adapting = true;
    const transform: typeof st.transform = (features, context) => {
      batches.push(context.batch);
      const injection: Injection = TinySemanticTransform.prototype.transform.call(st, features, context);
      if (!adapting) return injection;
      return { ...injection, blockAdapters: new Map([['any', { apply: (hidden) => hidden }]]) };
    };
    const model = { ...parts, st: Object.assign(st, { transform }) };
    const features = encodeAndKeep(parts, { pixels });
    const rows = { rowCount: 6, pictureCount: 2, rowsPerPicture: 3 };
    tf.tidy(() => void injectRows(model, features, rows));
    expect(batches.at(-1)).toBe(6);
    adapting = false;
    batches.length = 0;
    tf.tidy(() => {
      expect(injectRows(model, features, rows).prefix!.embeddings.shape[0]).toBe(6);
    });
    expect(batches).toEqual([2]);
    st.dispose();
    disposeFeatures(features);
  });
});
