import { startEngine } from '@eim/engine';
import { beforeAll, expect, test } from 'vitest';
import { clipCapMlpParameterCount, clipCapTransformerParameterCount } from './clipcap-parameter-count.js';
import { createClipCapMlp, createClipCapTransformer } from './create-transforms.js';
import { clipCapMlpPresets, clipCapTransformerPresets } from './presets.js';
import { shapes } from './testing/shapes.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const gpt2 = { hiddenSize: 768 };

test('the MLP of the paper has 31,468,800 parameters', () => {
  expect(clipCapMlpParameterCount(clipCapMlpPresets.paper, { pooledSize: 512, ...gpt2 })).toBe(31_468_800);
});

test.each([
  ['paper', 512, 41_745_408],
  ['paper', 640, 42_728_448],
  ['k40', 512, 53_587_968],
  ['released', 512, 53_587_968],
  ['released', 640, 57_520_128],
] as const)('the transformer %s from width %d has %d parameters', (preset, pooledSize, expected) => {
  const options = clipCapTransformerPresets[preset];
  expect(clipCapTransformerParameterCount(options, { pooledSize, ...gpt2 })).toBe(expected);
});

test('the formulas count what is built', () => {
  const widths = { pooledSize: 10, hiddenSize: 16 };
  const context = shapes(widths);
  const count = (st: {
    parameters(): readonly { variable: { size: number } }[];
    dispose(): void;
  }): number => {
    const total = st.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
    st.dispose();
    return total;
  };
  const mlp = clipCapMlpPresets.paper;
  expect(count(createClipCapMlp(mlp, context))).toBe(clipCapMlpParameterCount(mlp, widths));
  const transformer = clipCapTransformerPresets.paper;
  expect(count(createClipCapTransformer(transformer, context))).toBe(
    clipCapTransformerParameterCount(transformer, widths),
  );
});
