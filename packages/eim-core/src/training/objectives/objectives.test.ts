import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { trainPlan } from '../run/train-plan.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const learn = { select: 'full', learningRate: 0.02 } as const;
const until = { steps: 60 };
const gate = (metric: string, direction: 'max' | 'min') => ({ metric, split: 'val', direction });

const SEGMENTS: readonly SegmentInput[] = [
  tinySegment({
    name: 'contrast',
    learn: { encoder: learn },
    objective: { use: 'contrastive', options: { textWidth: 8, projectionSize: 6 } },
    gate: gate('retrieval@5', 'max'),
    until,
  }),
  tinySegment({
    name: 'language',
    learn: { llm: learn },
    objective: 'language',
    gate: gate('loss', 'min'),
    until,
  }),
  tinySegment({
    name: 'align',
    learn: { st: learn },
    objective: 'embedding-alignment',
    gate: gate('loss', 'min'),
    until,
  }),
  tinySegment({ name: 'warm-up', learn: { st: learn }, gate: gate('loss', 'min'), until }),
];

describe('objectives', () => {
  it.each(SEGMENTS.map((segment) => [segment.name, segment] as const))(
    'segment %s lowers its loss and passes its gate, without a leak',
    async (_name, segment) => {
      const run = tinyRun([segment]);
      const tensors = memory().numTensors;
      const result = await trainPlan(run.options);
      expect(memory().numTensors).toBe(tensors);
      const [done] = result.segments;
      expect(done!.lastLoss).toBeLessThan(done!.firstLoss * (segment.name === 'warm-up' ? 0.97 : 0.85));
      expect(done!.gate).toMatchObject({ kept: true });
      expect(done!.gate!.after).not.toBe(done!.gate!.before);
      expect(result.measuresThatHelped).toBe('all');
      run.dispose();
    },
  );

  it('counts training-only parameters and frees them', async () => {
    const run = tinyRun([SEGMENTS[0]!]);
    const { segments } = await trainPlan(run.options);
    const vocabulary = 12;
    const text = vocabulary * 8 + 17 * 8 + 8 * 8 + 8 + 8 * 6;
    expect(segments[0]!.trainable).toEqual({ encoder: 144, objective: text + 5 * 6 + 1 });
    run.dispose();
  });

  it('refuses unknown objectives, options and metrics', async () => {
    const attempt = async (changes: Partial<SegmentInput>) => {
      const run = tinyRun([tinySegment(changes)]);
      const tensors = memory().numTensors;
      await expect(trainPlan(run.options)).rejects.toMatchObject({ name: 'EimError' });
      expect(memory().numTensors).toBe(tensors);
      return trainPlan(run.options).catch((error: Error) => {
        run.dispose();
        return error.message;
      });
    };
    expect(await attempt({ objective: 'unheard-of' })).toMatch(/'unheard-of', which is not known/);
    expect(await attempt({ objective: { use: 'caption', options: { smooth: 1 } } })).toMatch(/smooth/);
    expect(await attempt({ gate: gate('CIDEr', 'max') })).toMatch(/Known here: loss, perplexity/);
    expect(await attempt({ objective: 'language' })).toMatch(
      /trains the encoder, which its objective 'language'/,
    );
    expect(await attempt({ data: 'nowhere' })).toMatch(/Its splits are train, val/);
    expect(await attempt({ batchSize: 25 })).toMatch(/holds 24/);
  });
});
