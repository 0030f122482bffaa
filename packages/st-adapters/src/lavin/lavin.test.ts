import { EimError } from '@eim/contracts';
import type { SemanticTransformContext, Tensor1D, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { shapes, transformerShapes } from '../testing/shapes.js';
import { createLavin } from './create-lavin.js';
import type { LavinOptionsInput } from './lavin-options.js';
import { lavinPresets } from './lavin-presets.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const small: LavinOptionsInput = {
  adapterSize: 4,
  temperature: 10,
  projectionSize: 6,
  classTokenInterval: 2,
  pictureWords: [3, 4],
  textWords: [3, 4, 5, 6, 7],
};

const embed = (ids: Tensor2D): Tensor3D => {
  const [rows, length] = ids.shape;
  return tf.reshape(tf.tile(tf.expandDims(tf.cast(ids, 'float32'), 2), [1, 1, 12]), [rows, length, 12]);
};
const rowsOf = (modality: readonly number[]) => ({
  batch: modality.length,
  modality: tf.tensor1d([...modality], 'int32') as Tensor1D,
  embed,
});
const hiddenOf = (batch: number) =>
  new Map([2, 4].map((block) => [block, tf.ones<tf.Rank.R3>([batch, 5, 8])] as const));

describe('the prefix', () => {
  test('of a picture holds words and visual tokens, of a text words alone', () => {
    const st = createLavin(small, transformerShapes());
    expect(st.prefixLength).toBe(1 + 5); // five words are more than two words and two tokens
    tf.tidy(() => {
      const { prefix } = st.transform({ hidden: hiddenOf(2) }, rowsOf([1, 0]));
      expect(prefix!.mask!.arraySync()).toEqual([
        [1, 1, 1, 1, 1, 0],
        [1, 1, 1, 1, 1, 1],
      ]);
      expect(prefix!.visibleToLater!.arraySync()).toEqual([0, 1, 1, 1, 1, 1]);
      expect(prefix!.beforeBegin).toBe(1);
      expect(prefix).not.toHaveProperty('uncountedLater');
      const [picture, text] = (prefix!.embeddings.arraySync() as number[][][]).map((row) =>
        row.map((slot) => slot[0]),
      );
      expect(picture!.slice(1, 3)).toEqual([3, 4]);
      expect(text!.slice(1)).toEqual([3, 4, 5, 6, 7]);
    });
    st.dispose();
  });

  test('takes class tokens of the width that the blocks have, whatever the last tokens have', () => {
    const context = transformerShapes({ tokenSize: 3, hiddenShape: () => [5, 8] });
    const st = createLavin(small, context);
    expect(st.parameters().find(({ name }) => name === 'projection.input.weight')!.variable.shape).toEqual([
      8, 6,
    ]);
    tf.tidy(() => {
      const { prefix } = st.transform({ hidden: hiddenOf(2) }, rowsOf([1, 0]));
      expect(prefix!.embeddings.shape).toEqual([2, 6, 12]);
    });
    st.dispose();
  });

  test('needs a tokenizer for words that are given as text', () => {
    const context = transformerShapes();
    const st = createLavin({ ...small, pictureWords: 'Image: ' }, context);
    expect(() => tf.tidy(() => void st.transform({ hidden: hiddenOf(1) }, rowsOf([1])))).toThrow(
      /pictureWords, textWords\), but has no tokenizer/,
    );
    st.dispose();
  });
});

describe('adapters', () => {
  const pass = (st: ReturnType<typeof createLavin>, training: boolean) =>
    tf.tidy(() => {
      const random = createRandomStream('dropout');
      const { blockAdapters } = st.encoderInjection!({ ...rowsOf([1, 1]), training, random });
      const adapter = blockAdapters!.get('blocks.0.attention.input')!;
      const hidden = tf.reshape(tf.range(0, 2 * 5 * 8, 1), [10, 8]) as Tensor2D;
      return tf.sub(adapter.apply(hidden, { batch: 2, length: 5 }), hidden).arraySync() as number[][];
    });

  test('change nothing at first, and drop channels in training alone', () => {
    const st = createLavin({ ...small, dropout: 0.5 }, transformerShapes());
    expect(
      pass(st, true)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    for (const { name, variable } of st.parameters()) {
      if (name.includes('.paths.')) variable.assign(tf.ones(variable.shape));
    }
    const [used, trained] = [pass(st, false), pass(st, true)];
    expect(used.flat().some((value) => Math.abs(value) > 1)).toBe(true);
    expect(trained).not.toEqual(used);
    expect(pass(st, false)).toEqual(used);
    st.dispose();
  });

  test('what they add scales', () => {
    const added = (scale: number) => {
      const st = createLavin({ ...small, scale }, transformerShapes());
      for (const { name, variable } of st.parameters()) {
        if (name.includes('.paths.')) variable.assign(tf.ones(variable.shape));
      }
      const result = pass(st, false).flat();
      st.dispose();
      return result;
    };
    const [once, thrice] = [added(1), added(3)];
    once.forEach((value, at) => {
      expect(thrice[at]!).toBeCloseTo(3 * value, 2);
    });
  });

  test('learn behind a cached encoder only where nothing in the encoder does', () => {
    const st = createLavin(small, transformerShapes());
    const names = st.encoderParameters().map(({ name }) => name);
    expect(names.length).toBe(4 * 8);
    expect(names.every((name) => name.startsWith('encoder.blocks.'))).toBe(true);
    st.dispose();
    const alone = createLavin({ ...small, encoderAdapters: false }, transformerShapes());
    expect(alone.encoderInjection).toBeUndefined();
    expect(alone.encoderParameters()).toEqual([]);
    alone.dispose();
  });
});

describe('what cannot work is refused by name', () => {
  const plain = shapes({});
  const transformers = transformerShapes();
  test.each<[string, LavinOptionsInput, SemanticTransformContext, RegExp]>([
    [
      'class tokens',
      small,
      { ...transformers, encoder: plain.encoder },
      /visualTokens: class-tokens\), but the encoder says that it has none/,
    ],
    [
      'adapters in an encoder without attention',
      { ...small, visualTokens: 'mean' },
      { ...transformers, encoder: plain.encoder },
      /the encoder has no such insertion points/,
    ],
    ['an LLM without attention', small, { ...transformers, llm: plain.llm }, /the LLM has no such/],
    [
      'too few blocks',
      { ...small, classTokenInterval: 5 },
      transformers,
      /every 5 blocks \(classTokenInterval\)/,
    ],
    [
      'groups and widths',
      { ...small, adapterSize: 6, groups: 3 },
      transformers,
      /3 groups, which do not divide the width 8/,
    ],
    ['groups and channels', { ...small, groups: 3 }, transformers, /groups.*must divide adapterSize/s],
  ])('%s', (_, options, context, message) => {
    const before = tf.memory().numTensors;
    expect(() => createLavin(options, context)).toThrow(EimError);
    expect(() => createLavin(options, context)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('presets name what differs', () => {
  expect(lavinPresets['7b'].temperature).toBe(10);
  expect(lavinPresets['13b'].temperature).toBe(5);
});
