import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { trainPlan } from '../run/train-plan.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

const learn = { select: 'full', learningRate: 0.02 } as const;
const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
const dataset = tinyDataset({ train: 50, val: 12 });
const behindEncoder = { st: { select: { lastBlocks: 1 }, learningRate: 0.02 }, llm: learn } as const;

const frozen = (changes: Partial<SegmentInput> = {}) =>
  tinySegment({ learn: { st: learn, llm: learn }, gate, until: { steps: 7 }, ...changes });
const views = { split: 'train', augment: ['quarter-turns' as const, 'zoom' as const], cachedViews: 3 };

describe.each(['cpu', 'wasm'] as const)('a run with the feature cache off, on %s', (engine) => {
  beforeAll(async () => void (await startEngine({ engine })));

  it.each([
    ['of few pictures a step', 6, [frozen()]],
    ['of more than a chunk a step', 40, [frozen({ batchSize: 40 })]],
    ['of views', 6, [frozen({ data: views })]],
    [
      'of several segments',
      6,
      [
        frozen({ learn: { st: learn }, objective: 'embedding-alignment' }),
        tinySegment({ name: 'all', until: { steps: 3 } }),
        frozen({ name: 'again' }),
      ],
    ],
  ] as const)('ends with the very bits of one that keeps them: %s', async (_, batchSize, segments) => {
    const cached = tinyRun(segments, { dataset });
    const kept = await trainPlan(cached.options);
    const off = tinyRun(segments, { dataset, featureCache: 'off' });
    const tensors = memory().numTensors;
    const cost = await planMultiplyAdds(off.options);
    const result = await trainPlan(off.options);
    expect(memory().numTensors).toBe(tensors);
    expect(off.weights()).toEqual(cached.weights());
    const [first] = result.segments;
    expect([kept.segments[0]!.features, first!.features]).toEqual(['cached', 'computed']);
    expect(first!.gate).toEqual(kept.segments[0]!.gate);
    // Every step runs whole chunks, and that is what it is charged.
    const chunked = Math.ceil(batchSize / 32) * 32;
    expect(cost.segments[0]!.encodedPictures).toBe(7 * chunked);
    expect(result.segments.map(({ multiplyAdds }) => multiplyAdds.encoding)).toEqual(
      cost.segments.map(({ encoding }) => encoding),
    );
    expect(result.multiplyAdds.training).toBe(kept.multiplyAdds.training);
    const ofPicture = kept.segments[0]!.multiplyAdds.encoding / (50 * (_ === 'of views' ? 3 : 1));
    expect(first!.multiplyAdds.encoding).toBe(7 * chunked * ofPicture);
    cached.dispose();
    off.dispose();
  });

  it('ends with the very bits for rows with and without pictures', async () => {
    const segment = tinySegment({
      batchSize: 2,
      captionsPerPicture: 1,
      learn: behindEncoder,
      until: { steps: 24 },
    });
    const cached = tinyMixedRun([segment]);
    await trainPlan(cached.options);
    const off = tinyMixedRun([segment], { featureCache: 'off' });
    const tensors = memory().numTensors;
    await trainPlan(off.options);
    expect(memory().numTensors).toBe(tensors);
    expect(off.weights()).toEqual(cached.weights());
    cached.dispose();
    off.dispose();
  });
});
