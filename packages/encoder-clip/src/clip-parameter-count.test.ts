import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, expect, test } from 'vitest';
import { clipParameterCount, clipTextParameterCount } from './clip-parameter-count.js';
import { clipPresets, clipTextPresets } from './clip-presets.js';
import { createClipEncoder, createClipTextEncoder } from './create-clip-encoder.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const millions = (count: number): number => Math.round(count / 1e4) / 100;

test.each([
  ['vit-b-32', 87.85],
  ['vit-b-16', 86.19],
  ['vit-l-14', 303.97],
  ['vit-l-14-336', 304.29],
] as const)('%s has %d million parameters', (preset, expected) => {
  expect(millions(clipParameterCount(clipPresets[preset]))).toBe(expected);
});

test('the formula counts what is built', () => {
  const context = { random: createRandomStream(1) };
  const sum = (parts: readonly { readonly variable: { readonly size: number } }[]): number =>
    parts.reduce((total, { variable }) => total + variable.size, 0);
  const encoder = createClipEncoder(clipPresets.tiny, context);
  expect(sum(encoder.parameters())).toBe(clipParameterCount(clipPresets.tiny));
  encoder.dispose();
  const text = createClipTextEncoder(clipTextPresets.tiny, context);
  expect(sum(text.parameters())).toBe(clipTextParameterCount(clipTextPresets.tiny));
  text.dispose();
});
