import { startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtInObjectives } from '../objectives/built-in-objectives.js';
import { tinyMixedRun, tinySegment } from '../test-support/tiny-run.js';
import type { ObjectiveEntry } from './train-options.js';
import { trainPlan } from './train-plan.js';

const STEPS = 40;

/** Trains on mixed rows. @returns the text length of every call of the loss, but for that of the preflight */
async function trainMixed(recordSteps: boolean) {
  const lengths: number[] = [];
  const { caption } = builtInObjectives;
  const counting: ObjectiveEntry = {
    ...caption,
    create: (options) => {
      const objective = caption.create(options);
      return {
        ...objective,
        loss(parts, batch, context) {
          lengths.push(batch.ids.shape[1]);
          return objective.loss(parts, batch, context);
        },
      };
    },
  };
  const notes: string[] = [];
  const segment = tinySegment({
    batchSize: 4,
    captionsPerPicture: 1,
    objective: 'counting',
    until: { steps: STEPS },
  });
  const onNote = (note: string) => void notes.push(note);
  const run = tinyMixedRun([segment], { recordSteps, onNote, objectives: { counting } });
  const { segments } = await trainPlan(run.options);
  const weights = run.weights();
  run.dispose();
  return { lengths: lengths.slice(1), notes, weights, segment: segments[0]! };
}

const countOf = (lengths: readonly number[], length: number) =>
  lengths.filter((found) => found === length).length;

// As the engine's own tests, it runs where EIM_ENGINES names the folder of an installed engine.
describe.skipIf(!process.env.EIM_ENGINES)('recorded steps on mixed rows', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'node' });
  });

  it('are recorded once for each text length, and learn what steps learn that are not', async () => {
    const eager = await trainMixed(false);
    const recorded = await trainMixed(true);
    expect(recorded.notes).toEqual([]);
    expect(eager.lengths).toHaveLength(STEPS);
    for (const length of [7, 9, 12]) {
      const batches = countOf(eager.lengths, length);
      expect(batches).toBeGreaterThan(4);
      // Called to be recorded, and to be checked at the 2nd, 4th, 8th, ... step. The very first step is traced twice, as
      // its optimizer's variables have to be prepared.
      const first = recorded.lengths[0] === length ? 2 : 1;
      expect(countOf(recorded.lengths, length)).toBe(first + Math.floor(Math.log2(batches)));
    }
    expect(recorded.segment.lastLoss).toBeCloseTo(eager.segment.lastLoss, 3);
    expect(recorded.segment.lastLoss).toBeLessThan(recorded.segment.firstLoss * 0.7);
  });
});
