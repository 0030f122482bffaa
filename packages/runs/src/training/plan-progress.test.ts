import { expect, test } from 'vitest';
import { PlanProgress } from './plan-progress.js';

test('what is done never goes back where pictures are encoded or a gate is measured between steps', () => {
  const told: number[] = [];
  const progress = new PlanProgress(({ done }) => void told.push(done!), {
    name: 'run',
    steps: [4, 10],
    stepCosts: [1, 2],
    workBefore: 100,
  });
  const of = { segment: 'joint', segmentCount: 2, steps: 10 };
  progress.onProgress({ ...of, phase: 'encode', segmentIndex: 0, step: 32 });
  progress.onProgress({ ...of, phase: 'train', segmentIndex: 1, step: 5 });
  progress.onProgress({ ...of, phase: 'encode', segmentIndex: 1, step: 1 });
  progress.onProgress({ ...of, phase: 'evaluate', segmentIndex: 1, step: 0 });
  progress.onProgress({ ...of, phase: 'train', segmentIndex: 1, step: 6 });
  expect(told).toEqual([100, 114, 114, 114, 116]);
});
