import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

const whole = { llm: { select: 'full', learningRate: 0.01 } } as const;
const lora = { rank: 2, alpha: 4 };
const low = {
  st: { select: 'full', learningRate: 0.02 },
  llm: { select: [{ lora }, 'norms'], learningRate: 0.02 },
} as const;
/** Evaluations put other values into what the recorded steps read and update. */
const earlyStopping = { metric: 'loss', direction: 'min', every: 3, patience: 9 } as const;

/** Weights that were updated in place before they learn in low rank, and are again afterwards. */
async function train(recordSteps: boolean, accumulate: number) {
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  const segments = [
    tinySegment({ name: 'before', learn: whole, until: { steps: 5 } }),
    tinySegment({
      name: 'low-rank',
      accumulate,
      learn: low,
      until: { steps: 20, earlyStopping },
      ema: { decay: 0.9 },
    }),
    tinySegment({ name: 'after', learn: whole, until: { steps: 5 } }),
  ];
  const run = tinyRun(segments, { recordSteps, onNote });
  const tensors = memory().numTensors;
  const { segments: results } = await trainPlan(run.options);
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  run.dispose();
  return { notes, weights, results };
}

// As the engine's own tests, it runs where EIM_ENGINES names the folder of an installed engine.
describe.skipIf(!process.env.EIM_ENGINES)('recorded steps that learn in low rank', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'node' });
  }, 60_000);

  it.each([1, 2])('learn what steps learn that are not recorded, on %d batches each', async (accumulate) => {
    const [eager, recorded] = [await train(false, accumulate), await train(true, accumulate)];
    expect(recorded.notes).toEqual([]);
    for (const [index, { lastLoss, firstLoss, multiplyAdds }] of recorded.results.entries()) {
      expect(firstLoss).toBeCloseTo(eager.results[index]!.firstLoss, 4);
      expect(lastLoss).toBeCloseTo(eager.results[index]!.lastLoss, 4);
      expect(multiplyAdds.training).toBe(eager.results[index]!.multiplyAdds.training);
    }
    for (const [name, values] of recorded.weights) {
      const other = eager.weights.get(name)!;
      for (const [index, value] of values.entries()) expect(value, name).toBeCloseTo(other[index]!, 4);
    }
  });
});
