import { startEngine } from '@eim/engine';
import { getKernel, memory, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';
import type { TrainingProgress } from './training-progress.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('trainPlan', () => {
  it('learns to caption, reports each step and leaks nothing', async () => {
    const run = tinyRun([tinySegment({ until: { steps: 60 } })]);
    const tensors = memory().numTensors;
    const progress: TrainingProgress[] = [];
    const logged: Record<string, number | string>[] = [];
    const result = await trainPlan({
      ...run.options,
      onProgress: (event) => progress.push(event),
      logger: { log: (_step, values) => logged.push({ ...values }) },
    });
    expect(memory().numTensors).toBe(tensors);
    const [segment] = result.segments;
    expect(segment!.lastLoss).toBeLessThan(segment!.firstLoss * 0.6);
    expect(segment).toMatchObject({
      steps: 60,
      examples: 720,
      features: 'computed',
      trainable: { encoder: 144 },
    });
    expect(progress).toHaveLength(60);
    expect(progress.at(-1)).toMatchObject({ phase: 'train', step: 60, steps: 60, secondsLeft: 0 });
    expect(logged.at(-1)).toMatchObject({ segment: 'joint', segmentStep: 60 });
    expect(Object.keys(logged[0]!)).toContain('gradientNorm/llm');
    expect(result.multiplyAdds.training).toBeGreaterThan(0);
    run.dispose();
  });

  it('gives the same weights for the same seed, and others for another', async () => {
    const final = async (seed: number) => {
      const run = tinyRun([tinySegment({ data: { split: 'train', augment: ['quarter-turns'] } })], { seed });
      await trainPlan(run.options);
      const weights = run.weights();
      run.dispose();
      return weights;
    };
    const first = await final(1);
    expect(await final(1)).toEqual(first);
    expect(await final(2)).not.toEqual(first);
  });

  it.each(['encoder', 'st', 'llm'] as const)(
    'leaves every bit of what is frozen when only the %s learns',
    async (part) => {
      const run = tinyRun([tinySegment({ learn: { [part]: { select: 'full', learningRate: 0.01 } } })]);
      const before = run.weights();
      await trainPlan(run.options);
      for (const [name, values] of run.weights()) {
        if (!name.startsWith(`${part}.`)) expect(values, name).toEqual(before.get(name));
      }
      const moved = [...run.weights()].filter(([name, values]) =>
        values.some((v, i) => v !== before.get(name)![i]),
      );
      expect(moved.length).toBeGreaterThanOrEqual(part === 'st' ? 2 : 3);
      run.dispose();
    },
  );

  it('names kernels that the engine lacks before anything is trained', async () => {
    const run = tinyRun([tinySegment(), tinySegment({ name: 'again' })]);
    const before = run.weights();
    const kernel = getKernel('BatchMatMul', 'cpu')!;
    unregisterKernel('BatchMatMul', 'cpu');
    try {
      await expect(trainPlan(run.options)).rejects.toMatchObject({
        code: 'missing-kernel',
        message: expect.stringContaining("BatchMatMul in segment 'joint'; BatchMatMul in segment 'again'"),
      });
    } finally {
      registerKernel(kernel);
    }
    expect(run.weights()).toEqual(before);
    run.dispose();
  });

  it('names segment, step and part when numbers leave the finite', async () => {
    const run = tinyRun([
      tinySegment({
        name: 'wild',
        clipNorm: undefined,
        learn: { llm: { select: 'full', learningRate: 1e38 } },
      }),
    ]);
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'numeric-failure',
      message: expect.stringMatching(/Segment 'wild', step \d+: .*gradients of llm are not finite/),
      data: { segment: 'wild', parts: ['llm'] },
    });
    run.dispose();
  });
});
