import { startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { halfOfRows } from '../data/half-of-rows.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const st = { learn: { st: { select: 'full', learningRate: 0.02 } } } as const;
const dataset = tinyDataset({ train: 24, val: 37 });
const rows = dataset.split('val');

describe('halves of a split', () => {
  it('hold every picture once, whatever the order of rows', () => {
    const [first, second] = [halfOfRows(rows, 'first'), halfOfRows(rows, 'second')];
    expect([...first, ...second].sort((a, b) => a - b)).toEqual([...rows.keys()]);
    expect(Math.abs(first.length - second.length)).toBeLessThan(16);
    const turned = [...rows].reverse();
    const names = (of: typeof rows, chosen: readonly number[]) => chosen.map((index) => of[index]!.id).sort();
    expect(names(turned, halfOfRows(turned, 'first'))).toEqual(names(rows, first));
  });

  it('keep rows of one picture together', () => {
    const run = tinyMixedRun([tinySegment()]);
    const mixed = run.options.dataset.split('train');
    const shown = (half: 'first' | 'second') =>
      new Set(halfOfRows(mixed, half).flatMap((index) => mixed[index]!.picture?.fingerprint ?? []));
    expect([...shown('first')].filter((one) => shown('second').has(one))).toEqual([]);
    run.dispose();
  });

  it.each([
    ['loss of features', 'loss', 'min', st],
    ['loss of pixels', 'loss', 'min', {}],
    ['word-probe', 'word-probe', 'max', st],
    ['caption-probe', 'caption-probe', 'min', st],
  ] as const)('are what is measured: %s', async (_, metric, direction, changes) => {
    const measure = async (half: 'first' | 'second', data = dataset, wholly = false) => {
      const probe = metric === 'caption-probe' ? { probe: { steps: 2, batchSize: 4 } } : {};
      const gate = { metric, direction, rule: 'standard-error', ...probe, ...(!wholly && { half }) } as const;
      const run = tinyRun([tinySegment({ ...changes, gate, until: { steps: 1 } })], { dataset: data });
      const { segments } = await trainPlan(run.options);
      run.dispose();
      return segments[0]!.gate!;
    };
    const [first, second] = [await measure('first'), await measure('second')];
    expect(first.paired!.count + second.paired!.count).toBe(37);
    expect(first.before).not.toBe(second.before);
    // The same as a validation split that holds this half alone.
    const own = halfOfRows(rows, 'first').map((index) => rows[index]!);
    const split = (name: string) => (name === 'val' ? own : dataset.split(name));
    const alone = await measure('first', { ...dataset, split }, true);
    expect(alone.before).toBeCloseTo(first.before, 5);
  });

  it('are refused by name for a metric from outside', async () => {
    const gate = { metric: 'score', direction: 'max', half: 'first' } as const;
    const run = tinyRun([tinySegment({ gate })], { metrics: { score: async () => 1 } });
    await expect(trainPlan(run.options)).rejects.toThrow(/half: first\), which comes from outside/);
    run.dispose();
  });

  it.each(['loss', 'word-probe'])('are refused where one is empty: %s', async (metric) => {
    const lone = rows.slice(0, 1);
    const half = halfOfRows(lone, 'first').length === 0 ? 'first' : 'second';
    const gate = { metric, direction: 'min', half } as const;
    const run = tinyRun([tinySegment({ gate })], { dataset: tinyDataset({ train: 24, val: 1 }) });
    await expect(trainPlan(run.options)).rejects.toThrow(`(half: ${half}) holds no row`);
    run.dispose();
  });
});
