import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { imageRows, transformerShapes } from '../testing/shapes.js';
import { createLlamaAdapter, createLlamaAdapterV2 } from './create-llama-adapter.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const visual = { blocks: [1, 3], hiddenSize: 3 };
const hidden = (batch: number, widths: readonly number[] = [8, 8]) =>
  new Map(
    visual.blocks.map((block, index) => [
      block,
      tf.randomNormal([batch, 5, widths[index]!], 0, 1, 'float32', 7 + block) as tf.Tensor3D,
    ]),
  );

describe('LLaMA-Adapter V1', () => {
  test('adds one vector to all prompts of a row, and nothing in rows of text', () => {
    const st = createLlamaAdapter({ promptLength: 2, layerCount: 2, visual }, transformerShapes());
    tf.tidy(() => {
      const modality = tf.tensor1d([1, 0, 1], 'int32');
      const { layerPrompts } = st.transform({ hidden: hidden(3) }, { ...imageRows(3), modality });
      expect(layerPrompts!.map(({ layer }) => layer)).toEqual([0, 1]);
      for (const { layer, prompts } of layerPrompts!) {
        const own = st.parameters().find(({ name }) => name === `blocks.${layer}.prompts`)!.variable;
        const added = tf.sub(prompts, own).arraySync() as number[][][];
        for (const [row, slots] of added.entries()) {
          for (const [channel, value] of slots[0]!.entries())
            expect(slots[1]![channel]).toBeCloseTo(value, 5);
          expect(slots.flat().every((value) => value === 0)).toBe(row === 1);
        }
      }
    });
    st.dispose();
  });

  test('gates are in tanh, unless the published inference program is asked for', () => {
    for (const plainGate of [false, true]) {
      const st = createLlamaAdapter(
        { promptLength: 2, layerCount: 1, compat: { plainGate } },
        transformerShapes(),
      );
      tf.tidy(() => {
        const gate = st.parameters().find(({ name }) => name === 'blocks.1.gate')!.variable;
        gate.assign(tf.fill(gate.shape, 2));
        const [prompt] = st.transform({}, imageRows(2)).layerPrompts!;
        expect(prompt!.prompts.shape).toEqual([1, 2, 12]);
        expect(prompt!.gate.dataSync()[0]).toBeCloseTo(plainGate ? 2 : Math.tanh(2), 6);
      });
      st.dispose();
    }
  });

  test('an encoder without class tokens gives means of its stages, whose widths may differ', () => {
    const shapes = transformerShapes({
      classToken: false,
      hiddenShape: (block) => (block === 1 ? [9, 3] : [4, 7]),
    });
    const build = (read: 'class-token' | 'mean') =>
      createLlamaAdapter({ promptLength: 2, layerCount: 2, visual: { ...visual, read } }, shapes);
    expect(() => build('class-token')).toThrow(
      /reads class tokens \(visual\.read\), but the encoder says that it has none/,
    );
    const st = build('mean');
    tf.tidy(() => {
      const given = hidden(2, [3, 7]);
      const one = st.transform({ hidden: given }, imageRows(2)).layerPrompts![0]!.prompts;
      const turned = new Map([...given].map(([block, tokens]) => [block, tf.reverse(tokens, 1)]));
      const other = st.transform({ hidden: turned }, imageRows(2)).layerPrompts![0]!.prompts;
      expect(tf.max(tf.abs(tf.sub(one, other))).dataSync()[0]).toBeLessThan(1e-6);
    });
    st.dispose();
  });

  test('what the neighbours cannot do is refused by name', () => {
    expect(() => createLlamaAdapter({ layerCount: 3 }, transformerShapes())).toThrow(
      /prompts into the last 3 blocks of the LLM, which has 2/,
    );
    const deep = { blocks: [5] };
    expect(() => createLlamaAdapter({ layerCount: 1, visual: deep }, transformerShapes())).toThrow(
      /reads the output of block 5 \(visual\.blocks\), but the encoder has 4/,
    );
    const { linears: _, ...closed } = transformerShapes().llm;
    expect(() => createLlamaAdapterV2({ layerCount: 1 }, { ...transformerShapes(), llm: closed })).toThrow(
      /adds to the LLM's linear layers, but this LLM offers none/,
    );
  });
});

describe('LLaMA-Adapter V2', () => {
  const sizes = { promptLength: 2, layerCount: 1, visualSize: 8, visualBlockCount: 1, visualHeadCount: 2 };

  test('has biases where the published model has them, and a gate in every block', () => {
    const st = createLlamaAdapterV2(sizes, transformerShapes());
    const names = st.parameters().map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('linears.blocks.0'))).toEqual(
      [
        'attention.query',
        'attention.output',
        'feedForward.gate',
        'feedForward.input',
        'feedForward.output',
      ].map((layer) => `linears.blocks.0.${layer}.bias`),
    );
    expect(names.filter((name) => /^blocks\./.test(name))).toEqual([
      'blocks.0.gate',
      'blocks.1.gate',
      'blocks.1.prompts',
    ]);
    st.dispose();
  });

  test('rows of text have the prompts alone, or those of a blank picture', () => {
    for (const blankPictures of [false, true]) {
      const st = createLlamaAdapterV2({ ...sizes, compat: { blankPictures } }, transformerShapes());
      tf.tidy(() => {
        const tokens = tf.randomNormal([2, 5, 8], 0, 1, 'float32', 3) as tf.Tensor3D;
        const modality = tf.tensor1d([1, 0], 'int32');
        const [{ prompts }] = st.transform({ tokens }, { ...imageRows(2), modality })
          .layerPrompts as never as [{ prompts: tf.Tensor3D }];
        const own = st.parameters().find(({ name }) => name === 'blocks.1.prompts')!.variable;
        const added = tf.sum(tf.abs(tf.sub(prompts, own)), [1, 2]).dataSync();
        expect(added[0]).toBeGreaterThan(0);
        expect(added[1]! > 0).toBe(blankPictures);
        expect(st.blankPictures).toBe(blankPictures);
      });
      st.dispose();
    }
  });
});
