import { startEngine } from '@eim/engine';
import { beforeAll, expect, it } from 'vitest';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { staysAtGuessing } from './stays-at-guessing.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

it('judges after a fifth of the steps, and ten at least', () => {
  const flat = { recentLosses: [3.46, 3.47], guessing: Math.log(32) };
  expect(staysAtGuessing({ ...flat, step: 9, steps: 20 })).toBe(false);
  expect(staysAtGuessing({ ...flat, step: 10, steps: 20 })).toBe(true);
  expect(staysAtGuessing({ ...flat, step: 39, steps: 200 })).toBe(false);
  expect(staysAtGuessing({ ...flat, step: 40, steps: 200 })).toBe(true);
  expect(staysAtGuessing({ ...flat, recentLosses: [3.4, 3.4], step: 40, steps: 200 })).toBe(false);
  expect(staysAtGuessing({ ...flat, guessing: undefined, step: 40, steps: 200 })).toBe(false);
});

const contrast = (learningRate: number) => {
  const notes: string[] = [];
  const segment = tinySegment({
    name: 'contrast',
    learn: { encoder: { select: 'full', learningRate } },
    objective: { use: 'contrastive', options: { textWidth: 8, projectionSize: 6 } },
    until: { steps: 40 },
  });
  return { run: tinyRun([segment], { onNote: (note) => void notes.push(note) }), notes };
};

it('names a collapsed segment while it runs, once, and in the result', async () => {
  const { run, notes } = contrast(1e-9);
  const result = await trainPlan(run.options);
  expect(result.segments[0]!.collapsed).toBe(true);
  expect(notes.filter((note) => note.includes("Segment 'contrast' learns nothing: at step 10"))).toHaveLength(
    1,
  );
  expect(result.notes.join()).toMatch(/'contrast' learnt nothing: its loss ended at .*, where guessing is/);
  run.dispose();
});

it('says nothing of one that learns', async () => {
  const { run, notes } = contrast(0.03);
  const result = await trainPlan(run.options);
  expect(result.segments[0]!.collapsed).toBe(false);
  expect([...notes, ...result.notes].join()).not.toMatch(/nothing/);
  run.dispose();
});
