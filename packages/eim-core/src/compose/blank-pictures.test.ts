import type { ModelParts } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAll } from '../answering/answer-rows.js';
import { createTinyParts } from '../testing/tiny-parts/index.js';
import { encodePictures } from './encode-pictures.js';
import { giveLlmValues } from './give-llm-values.js';
import { injectRows } from './inject-rows.js';
import { picturesInRowOrder } from './pictures-in-row-order.js';
import { rowLogits } from './row-logits.js';
import { onePictureEach, textAlone } from './transform-context.js';

const random = createRandomStream('blank');
let parts: ModelParts;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  const plain = createTinyParts({ random });
  parts = { ...plain, st: Object.assign(Object.create(plain.st), { blankPictures: true }) };
});
afterAll(() => {
  for (const part of Object.values(parts)) part.dispose();
});

test('a row of text shows a picture of zeros to an ST that asks for one', () => {
  tf.tidy(() => {
    const picture = random.uniformTensor([1, 4, 4, 3]) as tf.Tensor4D;
    const both = tf.concat([picture, tf.zerosLike(picture)]) as tf.Tensor4D;
    const prefixOf = (pixels: tf.Tensor4D | undefined, rows: Parameters<typeof injectRows>[2]) =>
      injectRows(parts, pixels && encodePictures(parts, { pixels }), rows).prefix!.embeddings.arraySync();
    const wanted = prefixOf(both, onePictureEach(2));
    expect(wanted[0]).not.toEqual(wanted[1]);
    const modality = tf.tensor1d([1, 0], 'int32');
    const rowPictures = tf.tensor1d([0, 0], 'int32');
    expect(prefixOf(picture, { rowCount: 2, pictureCount: 1, rowPictures, modality })).toEqual(wanted);
    expect(prefixOf(undefined, textAlone(1))).toEqual([wanted[1]]);
  });
});

test('an ST gives the LLM what its weights hold for it, and what does not fit is refused', () => {
  const [parameter] = parts.llm.parameters();
  const { name, variable } = parameter!;
  const values = Float32Array.from({ length: variable.size }, (_, index) => index);
  giveLlmValues({ ...parts.st, llmValues: new Map([[name, values]]) } as never, parts.llm);
  expect(variable.dataSync()).toEqual(values);
  const give = (other: string) => () =>
    giveLlmValues({ ...parts.st, llmValues: new Map([[other, new Float32Array(3)]]) } as never, parts.llm);
  expect(give('nothing')).toThrow(/hold 3 values for 'nothing' of the LLM, which has no such parameter/);
  expect(give(name)).toThrow(new RegExp(`which has ${variable.size} there`));
});

test('pictures of zeros stand in the rows of text where the ST acts inside the encoder', () => {
  tf.tidy(() => {
    const pixels = random.uniformTensor([2, 4, 4, 3]) as tf.Tensor4D;
    const rows = {
      rowCount: 4,
      pictureCount: 2,
      pixels,
      rowPictures: tf.tensor1d([0, 1, 0, 0], 'int32'),
      modality: tf.tensor1d([0, 1, 1, 0], 'int32'),
    };
    expect(picturesInRowOrder(parts, rows)).toBe(rows); // it does not act there
    const acting = Object.assign(Object.create(parts.st), { encoderInjection: () => ({}) });
    const laid = picturesInRowOrder({ st: acting }, rows);
    const [first, second] = tf.unstack(pixels) as [tf.Tensor3D, tf.Tensor3D];
    const wanted = tf.stack([tf.zerosLike(first), second, first, tf.zerosLike(first)]);
    expect(laid.pixels!.arraySync()).toEqual(wanted.arraySync());
    expect(laid).toMatchObject({ pictureCount: 4, rowsPerPicture: 1, blanksAreShown: true });
    const ids = tf.tensor2d([[1], [1], [1], [1]], undefined, 'int32');
    const input = { ...rows, ids, mask: tf.onesLike(ids) as tf.Tensor2D };
    const logits = (st: ModelParts['st']) => rowLogits({ ...parts, st }, input).dataSync();
    expect(logits(acting)).toEqual(logits(parts.st)); // each picture by itself: the order changes nothing
  });
});

test('rows that are answered are laid out so, too', async () => {
  const { encoder } = parts;
  const seen: number[][] = [];
  const watching = Object.assign(Object.create(encoder), {
    encode: (...given: Parameters<typeof encoder.encode>) => {
      seen.push([...given[0].dataSync()]);
      return encoder.encode(...given);
    },
  });
  const st = Object.assign(Object.create(parts.st), { encoderInjection: () => ({}) });
  const pixels = random.uniformTensor([2, 4, 4, 3]) as tf.Tensor4D;
  const rows = [{ ids: [1] }, { ids: [1, 2], picture: 1 }, { ids: [1], picture: 0 }, { ids: [1] }];
  const options = { pictures: { pixels }, maxNewTokens: 3 };
  const before = tf.memory().numTensors;
  const answers = await answerAll({ ...parts, encoder: watching, st }, rows, options);
  expect(tf.memory().numTensors).toBe(before);
  const [first, second] = tf.unstack(pixels).map((picture) => [...picture.dataSync()]) as [
    number[],
    number[],
  ];
  const zeros = first.map(() => 0);
  expect(seen[0]).toEqual([...zeros, ...second, ...first, ...zeros]);
  // each picture by itself: the order changes no answer
  expect(answers).toEqual(await answerAll(parts, rows, options));
});
