import { EimError, type Row } from '@eim/contracts';
import type { Objective } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { createCaptionObjective } from '../objectives/caption-objective.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { measureMetric } from './measure-metric.js';
import { SegmentSplits } from './segment-splits.js';
import type { ObjectiveEntry } from './train-options.js';
import { trainPlan } from './train-plan.js';
import { TrainingEnvironment } from './training-environment.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const rule = 'standard-error' as const;
const learn = { select: 'full', learningRate: 0.02 } as const;
const dataset = tinyDataset({ train: 24, val: 37 });

/** A metric of a segment's objective on the validation split, and of each of its pictures. */
async function measured(run: ReturnType<typeof tinyRun>, metric: string) {
  const environment = await TrainingEnvironment.create(run.options);
  const segment = run.options.plan.segments[0]!;
  const objective = await environment.objective(segment, environment.random.fork('objective'));
  const data = new SegmentSplits(environment, segment, objective);
  const asked = { metric, split: 'val', segment: 'joint', trainOn: 'train', each: true };
  const tensors = memory().numTensors;
  const found = await measureMetric(environment, { ...asked, objective, parts: run.model, data });
  expect(memory().numTensors).toBe(tensors);
  objective.dispose?.();
  await environment.close();
  run.dispose();
  return found;
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('values of single pictures', () => {
  const encoder = { learn: { encoder: learn } };
  const words = { use: 'words', options: { minimumCount: 2 } };
  it.each([
    ['caption', 'loss', { objective: 'caption' }],
    ['language', 'loss', { objective: 'language', learn: { llm: learn } }],
    ['words', 'loss', { objective: words, ...encoder }],
    ['slot-words', 'loss', { objective: { ...words, use: 'slot-words' }, learn: { st: learn } }],
    ['contrastive', 'retrieval@1', { objective: 'contrastive', ...encoder }],
    ['contrastive', 'retrieval@5', { objective: 'contrastive', ...encoder }],
    ['contrastive', 'neighbour-agreement', { objective: 'contrastive', ...encoder }],
    ['embedding-alignment', 'retrieval@5', { objective: 'embedding-alignment', learn: { st: learn } }],
    ['caption', 'word-probe', {}],
  ] satisfies [string, string, Partial<SegmentInput>][])(
    'of %s: %s is their mean',
    async (_, metric, changes) => {
      const { value, each } = await measured(tinyRun([tinySegment(changes)], { dataset }), metric);
      expect(each).toHaveLength(37);
      expect(mean(each!)).toBeCloseTo(value, 5);
      expect(Number.isFinite(value)).toBe(true);
    },
  );

  it('puts all rows of a picture together, and lets text count by itself', async () => {
    const run = tinyMixedRun([tinySegment({ captionsPerPicture: 1 })]);
    const rows = run.options.dataset.split('val') as readonly Row[];
    const shown = new Set(rows.map(({ picture, id }) => picture?.fingerprint ?? id));
    expect(shown.size).toBeLessThan(rows.length);
    const { value, each } = await measured(run, 'loss');
    expect(each).toHaveLength(shown.size);
    expect(mean(each!)).toBeCloseTo(value, 5);
  });
});

describe('a gate by the rule standard-error', () => {
  const gate = { metric: 'loss', direction: 'min', rule } as const;

  it('keeps a segment that is better on nearly all pictures, and says by how much', async () => {
    const run = tinyRun([tinySegment({ gate, until: { steps: 20 } })], { dataset });
    const { segments } = await trainPlan(run.options);
    const { before, after, paired, kept } = segments[0]!.gate!;
    expect(kept).toBe(true);
    expect(paired!.count).toBe(37);
    expect(paired!.gain).toBeCloseTo(before - after, 5);
    expect(paired!.gain).toBeGreaterThan(paired!.standardError);
    run.dispose();
  });

  it('rolls back what changes nothing, which a tolerance lets pass', async () => {
    const still = { learn: { llm: { select: 'full', learningRate: 1e-30 } }, until: { steps: 1 } } as const;
    const verdictOf = async (by: 'tolerance' | 'standard-error') => {
      const run = tinyRun([tinySegment({ ...still, gate: { ...gate, rule: by } })], { dataset });
      const { segments } = await trainPlan(run.options);
      run.dispose();
      return segments[0]!.gate!;
    };
    expect(await verdictOf('tolerance')).toMatchObject({ kept: true });
    expect(await verdictOf('standard-error')).toMatchObject({
      kept: false,
      paired: { gain: 0, standardError: 0 },
    });
  });

  /** The caption objective of somebody who gives no pairs. */
  const silent: ObjectiveEntry = {
    presets: {},
    optionsSchema: { safeParse: () => ({ success: true, data: {} }) } as never,
    create: (): Objective => {
      const caption = createCaptionObjective({ labelSmoothing: 0 });
      return {
        ...caption,
        evaluate: (parts, batches, { each: _, ...context }) => caption.evaluate!(parts, batches, context),
      };
    },
  };

  it.each([
    ['a metric that is no mean', { ...gate, metric: 'perplexity' }, 'caption', dataset],
    ['an objective that gives no values of pictures', gate, 'silent', dataset],
    ['a metric from outside', { ...gate, metric: 'score' }, 'caption', dataset],
    ['a single picture', gate, 'caption', tinyDataset({ train: 24, val: 1 })],
  ] as const)('refuses %s by name', async (_, refused, objective, data) => {
    const more = { dataset: data, objectives: { silent }, metrics: { score: async () => 1 } };
    const run = tinyRun([tinySegment({ gate: refused, objective })], more);
    const error = await trainPlan(run.options).catch((caught) => caught);
    expect(EimError.isInstance(error)).toBe(true);
    expect(error.code).toBe('invalid-config');
    expect(error.message).toContain(
      `'${refused.metric}' of 'val' picture by picture (gate.rule: standard-error)`,
    );
    run.dispose();
  });
});
