import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../../plan/parse-plan.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { trainPlan } from '../run/train-plan.js';
import { checkpointsInMemory, interruptionAfter } from '../test-support/interruption.js';
import { TinyBlockEncoder } from '../test-support/tiny-block-encoder.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { outcome, unequalRun } from '../test-support/unequal-run.js';
import { drawPatches } from './patch-views.js';

const learn = { select: 'full', learningRate: 0.01 } as const;
const data = { split: 'train', keepPatches: 0.5, views: 2 };
const CONTRAST = { use: 'contrastive', options: { textWidth: 6, projectionSize: 5 } };
const WORDS = { use: 'words', options: { minimumCount: 1 } };
const OBJECTIVES: readonly SegmentInput['objective'][] = [
  CONTRAST,
  { ...CONTRAST, options: { ...CONTRAST.options, source: 'pooled', softTargets: 0.3 } },
  WORDS,
  { ...WORDS, auxiliary: [{ ...CONTRAST, weight: 0.5 }] },
];
const segmentOf = (objective: SegmentInput['objective'], changes: Partial<SegmentInput> = {}) =>
  tinySegment({ objective, data, learn: { encoder: learn }, batchSize: 4, until: { steps: 3 }, ...changes });

describe('drawn patches', () => {
  it('are distinct, in rising order, and other ones for each view and picture', () => {
    const { indices, kept } = drawPatches({ views: 2, kept: 8, patchCount: 16 }, 3, createRandomStream(1));
    const rows = Array.from({ length: 6 }, (_, row) => [...indices.slice(row * kept, (row + 1) * kept)]);
    for (const row of rows) {
      expect(row).toEqual([...new Set(row)].sort((a, b) => a - b));
      expect(row.every((patch) => patch >= 0 && patch < 16)).toBe(true);
    }
    expect(new Set(rows.map(String)).size).toBe(6);
  });
});

describe.each(['cpu', 'wasm'] as const)('views of some patches on %s', (engine) => {
  beforeAll(() => startEngine({ engine }));

  it.each(OBJECTIVES)('cost what the plan foretells, by the patches kept: %j', async (objective) => {
    const costOf = async (segment: SegmentInput) => {
      const run = tinyRun([segment]);
      const cost = (await planMultiplyAdds(run.options)).segments[0]!;
      const { segment: spent } = await outcome(run);
      expect(cost.total).toBe(spent.multiplyAdds.training);
      return cost.byLength[0]!.perStepBy.encoder;
    };
    const whole = await costOf(segmentOf(objective, { data: 'train' }));
    const one = await costOf(segmentOf(objective, { data: { split: 'train', keepPatches: 0.5 } }));
    const two = await costOf(segmentOf(objective));
    expect(two).toBe(2 * one);
    expect(one).toBeLessThan(0.6 * whole);
  });

  it.each([CONTRAST, WORDS])('are compared over all batches of a step: %j', async (objective) => {
    const changes = { objective, data, learn: { encoder: learn }, until: { steps: 2 } };
    const run = unequalRun({ ...changes, batchSize: 4, accumulate: 3 });
    const [cost] = (await planMultiplyAdds(run.options)).segments;
    const { segment } = await outcome(run);
    expect(cost!.total).toBe(segment.multiplyAdds.training);
    expect(segment.examples).toBe(24);
  });
});

describe('views of some patches', () => {
  beforeAll(() => startEngine({ engine: 'wasm' }));

  it('teach, are other ones than whole pictures, and end with the same bits where a run was interrupted', async () => {
    const changes = { until: { steps: 4 } };
    const whole = await outcome(tinyRun([segmentOf(WORDS, { ...changes, data: 'train' })]));
    const viewed = await outcome(tinyRun([segmentOf(WORDS, changes)]));
    expect(viewed.weights).not.toEqual(whole.weights);
    const checkpoints = checkpointsInMemory();
    const cut = tinyRun([segmentOf(WORDS, changes)], { checkpoints, ...interruptionAfter(2) });
    await expect(trainPlan(cut.options)).rejects.toMatchObject({ code: 'interrupted' });
    cut.dispose();
    const resumed = await outcome(tinyRun([segmentOf(WORDS, changes)], { checkpoints, resume: true }));
    expect(resumed.weights).toEqual(viewed.weights);
  });

  it('are shown of pictures among text alone', async () => {
    const run = tinyMixedRun([segmentOf(CONTRAST, { captionsPerPicture: 1 })]);
    const [cost] = (await planMultiplyAdds(run.options)).segments;
    const { segment } = await outcome(run);
    expect(cost!.total).toBe(segment.multiplyAdds.training);
  });

  it.each([
    ['caption', { learn: { encoder: learn, st: learn, llm: learn } }, /'caption' does not take such views/],
    ['embedding-alignment', { learn: { st: learn } }, /'embedding-alignment' does not take/],
    [{ ...WORDS, auxiliary: [{ use: 'embedding-alignment', weight: 1 }] }, {}, /does not take such views/],
  ] as const)('are refused by name: %j', async (objective, changes, message) => {
    const run = tinyRun([segmentOf(objective as SegmentInput['objective'], changes)]);
    for (const refuse of [trainPlan, planMultiplyAdds])
      await expect(refuse(run.options)).rejects.toMatchObject({
        code: 'invalid-config',
        message: expect.stringMatching(message),
        data: { segment: 'joint', keepPatches: 0.5 },
      });
    run.dispose();
  });

  it('are refused by an encoder that cannot, and where the plan makes no sense', async () => {
    const run = tinyRun([segmentOf(WORDS)]);
    const encoder = new TinyBlockEncoder(createRandomStream('blocks'));
    const options = { ...run.options, model: { ...run.model, encoder } };
    await expect(trainPlan(options)).rejects.toThrow(/data.keepPatches.*encoder cannot look at some patches/);
    encoder.dispose();
    run.dispose();
    const parsed = (wrong: object) => () =>
      parsePlan({ segments: [segmentOf(WORDS, { data: { split: 'train', ...wrong } })] });
    expect(parsed({ views: 2 })).toThrow(/views.*needs keepPatches/s);
    expect(parsed({ keepPatches: 1 })).toThrow(/keepPatches/);
    expect(parsed({ keepPatches: 0.5, augment: ['zoom'], cachedViews: 2 })).toThrow(
      /together with cachedViews/,
    );
  });
});
