import type {
  ForwardOptions,
  LanguageModel,
  ModelParts,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { encodePictures, rowLogits } from '@eim/core';
import { crossEntropy, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tensors } from '../originals.js';
import {
  excess,
  isWithout,
  loadEncoder,
  loadFrom,
  loadLlm,
  loadTransform,
  opened,
  originals,
  PUBLISHED,
  setConfig,
  statedOptions,
  WEIGHT_FILES,
} from './lavin-set.js';

const INPUTS = 'train.inputs.safetensors';
const temperatures = isWithout(...WEIGHT_FILES, INPUTS) ? [] : setConfig().temperatures;

describe.skipIf(temperatures.length === 0)('LaVIN’s training forward, as published', () => {
  let encoder: ModelParts['encoder'];
  let llm: LanguageModel;
  let inputs: Tensors;

  beforeAll(async () => {
    await startEngine({ engine: 'wasm' });
    [encoder, llm, inputs] = [await loadEncoder(), await loadLlm(), await originals.tensors(INPUTS)];
  });
  afterAll(() => {
    encoder?.dispose();
    llm?.dispose();
  });

  /** The batch as the program has it: every row has a picture, and rows of text show a blank one. */
  function batchOf() {
    const ids = inputs.rows('examples');
    const [rowCount, textLength] = [ids.length, ids[0]!.length];
    return {
      rowCount,
      pictureCount: rowCount,
      ids: tf.tensor2d(ids, [rowCount, textLength], 'int32') as Tensor2D,
      // the program reads what fills a row, too; nothing real looks at it
      mask: tf.ones([rowCount, textLength]) as Tensor2D,
      rowPictures: tf.range(0, rowCount, 1, 'int32') as Tensor1D,
      modality: tf.tensor1d([...inputs.values('indicators')], 'int32') as Tensor1D,
      pixels: inputs.pixels('images'),
    };
  }

  /** Slots of the joined row that the program has, in its order and cut at its length. */
  function realSlots(prefixLength: number, visual: number): number[][] {
    const { prefix_img_ids: picture, prefix_nonimg_ids: text } = setConfig();
    const length = inputs.shape('examples')[1]!;
    return [...inputs.values('indicators')].map((shows) => {
      const words = shows ? picture.length + visual : text.length;
      const slots = [0, 1, ...Array.from({ length: words }, (_, index) => 2 + index)];
      const rest = Array.from({ length: length - 1 }, (_, index) => prefixLength + 1 + index);
      return [...slots, ...rest].slice(0, length);
    });
  }

  test.for(temperatures)(
    'temperature %d: every block, logits, loss and gradients',
    async (temperature, { skip }) => {
      const file = `train.t${temperature}.safetensors`;
      skip(originals.lacks(file) !== undefined, `the set lacks ${file}`);
      const wanted = await originals.tensors(file);
      const st = await loadTransform({ encoder, llm }, statedOptions(temperature, PUBLISHED));
      const parts = { encoder, st, llm };
      const batch = batchOf();
      const slots = realSlots(st.prefixLength, st.hiddenLayers!.length);
      const { rowCount } = batch;
      const numbersOf = (kind: string) =>
        wanted.names.filter((name) => name.startsWith(kind)).map((name) => Number(name.slice(kind.length)));
      const close = (found: tf.Tensor, name: string) => {
        expect(found.shape, name).toEqual(wanted.shape(name));
        expect(excess(found.dataSync(), wanted.values(name)), name).toBeLessThan(1);
      };

      tf.tidy(() => {
        const seen = numbersOf('clip.block.').map((block) => block + 1);
        expect(seen.length).toBeGreaterThan(0);
        const reading = Object.create(st, {
          hiddenLayers: { value: [...new Set([...seen, ...st.hiddenLayers!])] },
        });
        const { hidden } = encodePictures({ ...parts, st: reading }, { pixels: batch.pixels });
        for (const block of seen)
          close(tf.transpose(hidden!.get(block)!, [1, 0, 2]), `clip.block.${block - 1}`);
        const tokens = st.hiddenLayers!.map((block) => tf.slice(hidden!.get(block)!, [0, 0, 0], [-1, 1, -1]));
        close(tf.concat(tokens, 1), 'image_feats');
        // as if all rows showed pictures, since the program makes visual tokens for each
        const context = {
          batch: rowCount,
          modality: tf.ones([rowCount], 'int32') as Tensor1D,
          embed: (ids: Tensor2D) => llm.embed(ids),
        };
        const { embeddings } = st.transform({ hidden: hidden! }, context).prefix!;
        const words = setConfig().prefix_img_ids.length;
        close(tf.slice(embeddings, [0, 1 + words, 0], [-1, st.hiddenLayers!.length, -1]), 'visual_tokens');
      });

      /** Rows of `[R * S, ...]` or `[R, S, ...]` as the program has them. */
      const compact = (states: tf.Tensor, length: number): tf.Tensor => {
        const flat = tf.reshape(states, [rowCount * length, -1]);
        const places = slots.flatMap((row, index) => row.map((slot) => index * length + slot));
        return tf.reshape(tf.gather(flat, tf.tensor1d(places, 'int32')), [rowCount, slots[0]!.length, -1]);
      };
      tf.tidy(() => {
        const layers = numbersOf('llama.block.').map((block) => block + 1);
        const watched = Object.create(llm, {
          forward: {
            value: (embeddings: Tensor3D, options: ForwardOptions) => {
              close(compact(embeddings, embeddings.shape[1]), 'llama.input');
              const result = llm.forward(embeddings, { ...options, hiddenLayers: layers });
              for (const layer of layers) {
                close(compact(result.hidden!.get(layer)!, embeddings.shape[1]), `llama.block.${layer - 1}`);
              }
              return result;
            },
          },
        }) as LanguageModel;
        const logits = rowLogits({ ...parts, llm: watched }, batch); // [R * S, V]
        close(compact(logits, logits.shape[0] / rowCount), 'logits');
      });

      const labels = inputs.rows('labels');
      const length = labels[0]!.length;
      const targets = labels.flatMap((row, index) =>
        row.flatMap((label, at) => {
          const slot = slots[index]!.includes(st.prefixLength + at); // not cut off by the prefix
          return label !== 0 && at > 0 && slot ? [index * length + at] : [];
        }),
      );
      const shifted = wanted.rows('labels.shifted').flat();
      expect(targets.map((place) => labels.flat()[place])).toEqual(shifted.filter((label) => label !== 0));

      const { value: loss, grads } = tf.variableGrads(
        () => {
          const targetIndices = tf.tensor1d(targets, 'int32') as Tensor1D;
          const logits = rowLogits(parts, { ...batch, targetIndices });
          const ids = tf.gather(tf.reshape(batch.ids, [-1]), targetIndices) as Tensor1D;
          return crossEntropy(logits, ids, tf.ones([targets.length]) as Tensor1D);
        },
        st.parameters().map(({ variable }) => variable),
      );
      expect(Math.abs(loss.dataSync()[0]! - wanted.values('loss')[0]!)).toBeLessThan(2e-5);

      // gradients under the names of the weights, so that loading turns them into our layout
      const expected = await opened(file, (weights) => {
        const grad = (name: string) => `grad.${name}`;
        const names = weights.tensorNames
          .filter((name) => name.startsWith('grad.'))
          .map((name) => name.slice(5));
        return loadFrom(
          {
            ...weights,
            tensorNames: names,
            has: (name) => weights.has(grad(name)),
            info: (name) => weights.info(grad(name)),
            read: (name) => weights.read(grad(name)),
          },
          { encoder, llm },
          statedOptions(temperature, PUBLISHED),
        );
      });
      const own = new Map(st.parameters().map(({ name, variable }) => [name, grads[variable.name]!]));
      expect(expected.parameters().length).toBe(setConfig().trainable.length);
      for (const { name, variable } of expected.parameters()) {
        const gradient = variable.dataSync() as Float32Array;
        const found = own.get(name)!.dataSync();
        const largest = gradient.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        const error = gradient.reduce((most, one, index) => Math.max(most, Math.abs(found[index]! - one)), 0);
        expect(error / (2e-3 * largest + 1e-5), name).toBeLessThan(1);
      }
      for (const part of [st, expected]) part.dispose();
      tf.dispose([Object.values(batch).filter((value) => value instanceof tf.Tensor), loss, grads]);
    },
  );
});
