import type { ModelParts, SemanticTransform } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyParts, createTinyTokenizer, TinyRouterTransform } from '../testing/tiny-parts/index.js';
import { composeModel } from './compose-model.js';
import { rowLogits, targetIds, textLogits } from './row-logits.js';
import { onePictureEach, textAlone } from './transform-context.js';

const random = createRandomStream('rows');
const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc', 'a']);
const V = tokenizer.vocabularySize;

let plain: ModelParts;
let routers: ModelParts;
let pixels: tf.Tensor4D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  plain = createTinyParts({ random, tokenizer });
  routers = { ...plain, st: new TinyRouterTransform({ random, tokenizer, ...plain }) };
  pixels = random.uniformTensor([3, 4, 4, 3]) as tf.Tensor4D;
});
afterAll(() => {
  routers.st.dispose();
  composeModel(plain).dispose();
  pixels.dispose();
});

/** Begin, words, end, filled up; -1 in `shows` is text alone. */
const ROWS = [
  { ids: [1, 4, 6, 2], shows: 2 },
  { ids: [1, 5, 2, 0], shows: -1 },
  { ids: [1, 7, 2, 0], shows: 0 },
  { ids: [1, 6, 5, 2], shows: -1 },
  { ids: [1, 5, 7, 2], shows: 2 },
];
const LENGTH = 4;

const maskOf = (ids: readonly (readonly number[])[]) =>
  tf.tensor2d(ids.map((row) => row.map((id) => (id === 0 ? 0 : 1))));
const idsOf = (ids: readonly (readonly number[])[]) =>
  tf.tensor2d(
    ids.map((row) => [...row]),
    undefined,
    'int32',
  );

/** Rows that show some of the pictures, in any order. */
function mixed(rows: readonly { readonly ids: readonly number[]; readonly shows: number }[]) {
  const ids = rows.map((row) => row.ids);
  return {
    ids: idsOf(ids),
    mask: maskOf(ids),
    pixels,
    rowCount: rows.length,
    pictureCount: 3,
    rowPictures: tf.tensor1d(
      rows.map(({ shows }) => Math.max(0, shows)),
      'int32',
    ),
    ...(rows.some(({ shows }) => shows < 0) && {
      modality: tf.tensor1d(
        rows.map(({ shows }) => (shows < 0 ? 0 : 1)),
        'int32',
      ),
    }),
  };
}

const read = (make: () => tf.Tensor): number[] => {
  const tensor = tf.tidy(make);
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
};

/** Logits of the real positions of a row's text, the last one not counted, `[places, V]`. */
function ofRow(logits: readonly number[], row: number, ids: readonly number[], prefix: number): number[] {
  const real = ids.filter((id) => id !== 0).length;
  const start = (row * (prefix + LENGTH) + prefix) * V;
  return logits.slice(start, start + real * V);
}
const closeTo = (actual: readonly number[], expected: readonly number[], digits = 5) => {
  expect(actual.length).toBe(expected.length);
  expect(actual.length).toBeGreaterThan(0);
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index]!, digits);
};

describe.each(['plain', 'routers'] as const)('rows of an ST of %s', (name) => {
  const partsOf = () => (name === 'plain' ? plain : routers);

  it('are what each is alone, in any order and with shared pictures', () => {
    const parts = partsOf();
    const prefix = parts.st.prefixLength;
    const together = read(() => rowLogits(parts, mixed(ROWS)));
    for (const [row, { ids, shows }] of ROWS.entries()) {
      const alone = read(() => {
        const text = { ids: idsOf([ids]), mask: maskOf([ids]) };
        if (shows < 0) return rowLogits(parts, { ...text, ...textAlone(1) });
        const own = tf.slice(pixels, [shows, 0, 0, 0], [1, -1, -1, -1]);
        return rowLogits(parts, { ...text, pixels: own, ...onePictureEach(1) });
      });
      closeTo(ofRow(together, row, ids, prefix), ofRow(alone, 0, ids, prefix));
    }
  });

  it('differ by their pictures', () => {
    const parts = partsOf();
    const [first, second] = [0, 1].map((shows) =>
      read(() => rowLogits(parts, mixed([{ ids: ROWS[0]!.ids, shows }]))),
    );
    const difference = first!.map((value, index) => Math.abs(value - second![index]!));
    expect(Math.max(...difference)).toBeGreaterThan(1e-3);
  });

  it('have the gradients of the same rows laid out in the order of their pictures', () => {
    const parts = partsOf();
    const ordered = [0, 0, 1, 1, 2, 2].map((shows, row) => ({ ids: ROWS[row % 5]!.ids, shows }));
    const lossOf = (input: Parameters<typeof rowLogits>[1]) => () => {
      const targetIndices = tf.tensor1d(
        ordered.flatMap(({ ids }, row) =>
          ids.flatMap((id, at) => (at > 0 && id !== 0 ? [row * LENGTH + at] : [])),
        ),
        'int32',
      );
      const logits = rowLogits(parts, { ...input, targetIndices });
      return tf.losses.softmaxCrossEntropy(
        tf.oneHot(targetIds(input.ids, targetIndices), V),
        logits,
      ) as tf.Scalar;
    };
    tf.tidy(() => {
      const gathered = mixed(ordered);
      const { rowPictures: _, ...rest } = gathered;
      const one = tf.variableGrads(lossOf(gathered));
      const two = tf.variableGrads(lossOf({ ...rest, rowsPerPicture: 2 }));
      closeTo([...one.value.dataSync()], [...two.value.dataSync()], 6);
      const names = Object.keys(two.grads);
      expect(Object.keys(one.grads).sort()).toEqual([...names].sort());
      let moving = 0;
      for (const variable of names) {
        const [found, wanted] = [one.grads[variable]!.dataSync(), two.grads[variable]!.dataSync()];
        closeTo([...found], [...wanted], 6);
        if (wanted.some((value) => Math.abs(value) > 1e-6)) moving += 1;
      }
      expect(moving).toBeGreaterThan(parts === plain ? 14 : 18);
    });
  });

  it('have gradients that equal those of each row alone, text rows among them', () => {
    const parts = partsOf();
    const targets = ROWS.flatMap(({ ids }, row) =>
      ids.flatMap((id, at) => (at > 0 && id !== 0 ? [{ row, at }] : [])),
    );
    const sumOf = (input: Parameters<typeof rowLogits>[1], places: readonly number[]) => {
      const targetIndices = tf.tensor1d([...places], 'int32');
      const logits = rowLogits(parts, { ...input, targetIndices });
      const chosen = tf.oneHot(targetIds(input.ids, targetIndices), V);
      return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), chosen))) as tf.Scalar;
    };
    tf.tidy(() => {
      const together = tf.variableGrads(() =>
        sumOf(
          mixed(ROWS),
          targets.map(({ row, at }) => row * LENGTH + at),
        ),
      );
      const apart = tf.variableGrads(
        () =>
          tf.addN(
            ROWS.map((given, row) =>
              sumOf(
                mixed([given]),
                targets.filter((target) => target.row === row).map(({ at }) => at),
              ),
            ),
          ) as tf.Scalar,
      );
      for (const [variable, gradient] of Object.entries(apart.grads))
        closeTo([...together.grads[variable]!.dataSync()], [...gradient.dataSync()], 4);
    });
  });
});

describe('rows of text', () => {
  it('are the LLM alone where the ST gives a plain prefix, whose slots they do not see', () => {
    const together = read(() => rowLogits(plain, mixed(ROWS)));
    for (const [row, { ids, shows }] of ROWS.entries()) {
      const alone = read(() => textLogits(plain.llm, { ids: idsOf([ids]), mask: maskOf([ids]) }));
      const found = ofRow(together, row, ids, plain.st.prefixLength);
      if (shows < 0) closeTo(found, ofRow(alone, 0, ids, 0));
      else expect(Math.abs(found[0]! - alone[0]!)).toBeGreaterThan(1e-4);
    }
  });

  it('keep the mask that an ST gives its prefix itself', () => {
    const half: SemanticTransform = {
      widths: plain.st.widths,
      reads: plain.st.reads,
      prefixLength: 2,
      parameters: () => plain.st.parameters(),
      dispose: () => {},
      transform(features, context) {
        const { prefix } = plain.st.transform(features, context);
        return { prefix: { ...prefix!, mask: tf.tensor2d([[1, 0]]) } };
      },
    };
    const text = { ids: idsOf([[1, 4, 2, 0]]), mask: maskOf([[1, 4, 2, 0]]) };
    const shown = read(() => rowLogits({ ...plain, st: half }, { ...text, ...textAlone(1) }));
    const hidden = read(() => rowLogits(plain, { ...text, ...textAlone(1) }));
    expect(Math.abs(shown[2 * V]! - hidden[2 * V]!)).toBeGreaterThan(1e-4);
    tf.dispose([text.ids, text.mask]);
  });

  it('tell an ST that reads prompts what is asked, once a row', () => {
    const seen: { batch: number; ids: unknown; mask: unknown; modality: unknown }[] = [];
    const reading: SemanticTransform = {
      widths: plain.st.widths,
      reads: plain.st.reads,
      prefixLength: 2,
      readsPrompts: true,
      parameters: () => plain.st.parameters(),
      dispose: () => {},
      transform(features, context) {
        const { batch, promptIds, promptMask, modality } = context;
        seen.push({
          batch,
          ids: promptIds!.arraySync(),
          mask: promptMask!.arraySync(),
          modality: modality.arraySync(),
        });
        return plain.st.transform(features, context);
      },
    };
    const ids = [
      [1, 4, 6, 2],
      [1, 5, 7, 2],
    ];
    const promptMask = [
      [0, 1, 0, 0],
      [0, 1, 1, 0],
    ];
    tf.tidy(() => {
      const rows = mixed(ids.map((row) => ({ ids: row, shows: 1 })));
      rowLogits({ ...plain, st: reading }, { ...rows, promptMask: tf.tensor2d(promptMask) });
    });
    expect(seen).toEqual([{ batch: 2, ids, mask: promptMask, modality: [1, 1] }]);
  });
});
