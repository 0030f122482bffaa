import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

/** A larger epsilon keeps Adam from magnifying rounding. */
const segmentOf = (changes: Partial<SegmentInput>): SegmentInput =>
  tinySegment({
    batchSize: 4,
    captionsPerPicture: 1,
    optimizer: { epsilon: 1e-3 },
    until: { steps: 8 },
    ...changes,
  });

async function outcome(run: TinyRun) {
  const tensors = memory().numTensors;
  const { segments } = await trainPlan(run.options);
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  run.dispose();
  return { weights, segment: segments[0]! };
}

/** Trains with blocks kept and recomputed, and compares. */
async function bothWays(runOf: (segment: SegmentInput) => TinyRun, changes: Partial<SegmentInput>) {
  const kept = await outcome(runOf(segmentOf(changes)));
  const recomputing = await outcome(runOf(segmentOf({ ...changes, checkpointActivations: true })));
  for (const [name, values] of recomputing.weights) {
    const differences = values.map((value, index) => Math.abs(value - kept.weights.get(name)![index]!));
    expect(Math.max(...differences), name).toBeLessThan(5e-6);
  }
  const [before, after] = [kept, recomputing].map(({ segment }) => segment.multiplyAdds.training);
  expect(after).toBeGreaterThan(before!);
}

describe.each(['cpu', 'wasm', 'node'] as const)('checkpointed activations on %s', (engine) => {
  // As the engine's own tests, it runs where EIM_ENGINES names the folder of an installed engine.
  const skipped = engine === 'node' && !process.env.EIM_ENGINES;
  beforeAll(async () => {
    if (!skipped) await startEngine({ engine });
  });

  it.skipIf(skipped).each<[string, Partial<SegmentInput>]>([
    ['with everything learning', {}],
    ['with a frozen LLM between the loss and the ST', { learn: { st: learn } }],
    ['with a frozen encoder', { learn: { st: learn, llm: learn } }],
    ['with steps on several batches', { accumulate: 2, until: { steps: 4 } }],
    ['with an LLM that learns in low rank', { learn: { llm: { ...learn, select: { lora: { rank: 2 } } } } }],
    ['with contrast alone', { learn: { encoder: learn }, objective: 'contrastive' }],
  ])('learn what kept ones learn, %s', async (_, changes) => {
    await bothWays((segment) => tinyRun([segment]), changes);
  });

  it.skipIf(skipped)(
    'learn what kept ones learn through adapters that route by what was worked out before',
    async () => {
      await bothWays((segment) => tinyMixedRun([segment]), { ema: { decay: 0.5 } });
    },
  );
});

describe('checkpointed activations', () => {
  beforeAll(() => startEngine({ engine: 'cpu' }));

  it('cost what the plan foretells', async () => {
    const run = tinyMixedRun([segmentOf({ checkpointActivations: true, accumulate: 2 })]);
    const cost = await planMultiplyAdds(run.options);
    const { segment } = await outcome(run);
    expect(cost.total).toBe(segment.multiplyAdds.training);
  });

  it('are refused for a part that cannot recompute, before anything is trained, unless it does not run', async () => {
    const run = tinyRun([segmentOf({ checkpointActivations: true })]);
    Object.assign(run.model.encoder, { recomputesBlocks: undefined });
    const before = run.weights();
    const refusal = {
      code: 'invalid-config',
      message: expect.stringMatching(/'joint' has checkpointActivations, but its encoder cannot recompute/),
    };
    await expect(trainPlan(run.options)).rejects.toMatchObject(refusal);
    await expect(planMultiplyAdds(run.options)).rejects.toMatchObject(refusal);
    expect(run.weights()).toEqual(before);
    run.dispose();
    const behind = { learn: { llm: learn }, objective: 'language', checkpointActivations: true } as const;
    const unused = tinyRun([segmentOf(behind)]);
    Object.assign(unused.model.encoder, { recomputesBlocks: undefined });
    expect((await outcome(unused)).segment.steps).toBe(8);
  });
});
