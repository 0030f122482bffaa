import { createRandomStream } from '@eim/engine';
import { describe, expect, test } from 'vitest';
import {
  constant,
  normal,
  ones,
  torchLinear,
  truncatedNormal,
  xavierUniform,
  zeros,
} from './initialisers.js';

const shape = [60, 100];
const draw = (initialise: typeof zeros): Float32Array =>
  initialise(shape, createRandomStream('initialisers'));

const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(variance),
    greatest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
  };
};

describe.each([
  ['normal', normal(0.02), 0.02, 0.02 * 6],
  // a normal cut at two deviations has deviation 0.8796
  ['truncatedNormal', truncatedNormal(0.02), 0.02 * 0.8796, 0.04],
  ['xavierUniform', xavierUniform, Math.sqrt(6 / 160 / 3), Math.sqrt(6 / 160)],
  ['torchLinear', torchLinear(60), Math.sqrt(1 / 60 / 3), Math.sqrt(1 / 60)],
] as const)('%s', (_, initialise, deviation, bound) => {
  test('has its mean, deviation and bound', () => {
    const found = moments(draw(initialise));
    expect(Math.abs(found.mean)).toBeLessThan(4 * (deviation / Math.sqrt(6000)));
    expect(found.deviation / deviation).toBeCloseTo(1, 1);
    expect(found.greatest).toBeLessThanOrEqual(bound * (1 + 1e-6));
  });

  test('draws the same from the same stream', () => {
    expect(draw(initialise)).toEqual(draw(initialise));
  });
});

test('constants', () => {
  expect(new Set(draw(zeros))).toEqual(new Set([0]));
  expect(new Set(draw(ones))).toEqual(new Set([1]));
  expect(new Set(draw(constant(0.5)))).toEqual(new Set([0.5]));
});
