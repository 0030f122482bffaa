import { beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../start/start-engine.js';
import { createRandomStream } from './create-random-stream.js';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

describe('createRandomStream', () => {
  beforeAll(() => startEngine({ engine: 'cpu' }));

  test('gives the same numbers for the same seed, and others for another', () => {
    const [first, again, other] = [createRandomStream(7), createRandomStream('7'), createRandomStream(8)];
    const expected = draws(5, first.uniform);
    expect(draws(5, again.uniform)).toEqual(expected);
    expect(draws(5, other.uniform)).not.toEqual(expected);
  });

  test('keeps giving the numbers it gave when it was written', () => {
    expect(draws(3, createRandomStream(1).uniform)).toMatchInlineSnapshot(`
      [
        0.9567928123615403,
        0.4554875084933434,
        0.2284220536021634,
      ]
    `);
    expect([...createRandomStream(1).uniformTensor([3]).dataSync()]).toMatchInlineSnapshot(`
      [
        0.7825372219085693,
        0.4274875521659851,
        0.919532299041748,
      ]
    `);
  });

  test('goes on from a saved state, whatever was drawn', () => {
    const stream = createRandomStream('run');
    draws(3, stream.normal);
    const state = stream.state();
    const all = () => [
      stream.uniform(),
      stream.integer(10),
      stream.normal(),
      ...stream.uniformTensor([4]).dataSync(),
    ];
    const expected = all();
    const resumed = createRandomStream('another');
    resumed.restore(state);
    stream.restore(state);
    expect(all()).toEqual(expected);
    expect(resumed.uniform()).toBe(expected[0]);
  });

  test('forks depend on the name alone, not on what was drawn before', () => {
    const stream = createRandomStream(3);
    const early = stream.fork('data').uniform();
    stream.uniform();
    expect(stream.fork('data').uniform()).toBe(early);
    expect(stream.fork('dropout').uniform()).not.toBe(early);
    expect(createRandomStream(3).uniform()).not.toBe(early);
  });

  test('draws with the right mean, spread and range', () => {
    const stream = createRandomStream('statistics');
    const count = 20_000;
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const uniform = draws(count, stream.uniform);
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    const normal = draws(count, stream.normal);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
    const tensor = stream.uniformTensor([100, 200]);
    expect(tensor.shape).toEqual([100, 200]);
    const values = tensor.dataSync();
    expect(mean(values)).toBeCloseTo(0.5, 1);
    expect(new Set(values).size).toBeGreaterThan(19_000);
    const faces = draws(6_000, () => stream.integer(6));
    for (let face = 0; face < 6; face++) {
      const share = faces.filter((value) => value === face).length / faces.length;
      expect(Math.abs(share - 1 / 6)).toBeLessThan(0.02);
    }
  });

  test('shuffles a copy', () => {
    const items = draws(50, () => 0).map((_, index) => index);
    const shuffled = createRandomStream(1).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  });

  test('refuses a state that is none, and an impossible bound', () => {
    expect(() => createRandomStream(1).restore('{"a":1}')).toThrow('cannot be restored');
    expect(() => createRandomStream(1).restore('nonsense')).toThrow('cannot be restored');
    expect(() => createRandomStream(1).integer(0)).toThrow('bound');
  });
});
