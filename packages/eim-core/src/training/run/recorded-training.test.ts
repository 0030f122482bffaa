import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { selfCriticalEntry } from '../objectives/self-critical/self-critical-entry.js';
import { fragileObjective } from '../test-support/fragile-objective.js';
import { tinyMixedRun, tinySegment } from '../test-support/tiny-run.js';
import { wordReward } from '../test-support/word-reward.js';
import { trainPlan } from './train-plan.js';

const objectives = {
  fragile: fragileObjective({ rows: [5] }),
  'self-critical': selfCriticalEntry({ words: wordReward }),
};
const selfCritical = { use: 'self-critical', options: { reward: 'words' } };

/** Trains on mixed rows of several lengths. A larger epsilon keeps Adam from magnifying rounding. */
async function trained(recordSteps: boolean, changes: Partial<SegmentInput>) {
  const notes: string[] = [];
  const segment = tinySegment({
    batchSize: 4,
    captionsPerPicture: 1,
    ema: { decay: 0.5 },
    optimizer: { epsilon: 1e-3 },
    ...changes,
  });
  const onNote = (note: string) => void notes.push(note);
  const run = tinyMixedRun([segment], { recordSteps, onNote, objectives });
  const tensors = memory().numTensors;
  const { segments } = await trainPlan(run.options);
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  run.dispose();
  return { notes, weights, segment: segments[0]! };
}

// As the engine's own tests, it runs where EIM_ENGINES names the folder of an installed engine.
describe.skipIf(!process.env.EIM_ENGINES)('recorded steps', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'node' });
  });

  it.each([
    ['on several batches', { accumulate: 3, until: { steps: 12 } }],
    ['that fail now and then', { objective: 'fragile', until: { steps: 12 } }],
    ['on answers that are drawn', { objective: selfCritical, until: { steps: 12 } }],
    ['on several batches of them', { objective: selfCritical, accumulate: 2, until: { steps: 6 } }],
    ['of both kinds', { objective: 'fragile', accumulate: 2, until: { steps: 6 } }],
  ])('%s learn what steps learn that are not recorded', async (_, changes) => {
    const eager = await trained(false, changes);
    const recorded = await trained(true, changes);
    expect(recorded.notes).toEqual(eager.notes);
    expect(eager.notes.length > 0).toBe('objective' in changes && changes.objective === 'fragile');
    expect(recorded.segment.numericFailures).toEqual(eager.segment.numericFailures);
    expect(recorded.segment.multiplyAdds).toEqual(eager.segment.multiplyAdds);
    for (const [name, values] of recorded.weights) {
      const differences = values.map((value, index) => Math.abs(value - eager.weights.get(name)![index]!));
      expect(Math.max(...differences), name).toBeLessThan(1e-4);
    }
  });
});
