import type {
  Batch,
  ModelParts,
  Objective,
  ObjectivePluginContext,
  Preparation,
  RandomStream,
  Tensor,
} from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodePictures } from '../compose/encode-pictures.js';
import { ofRows } from '../compose/expand-rows.js';
import { planMultiplyAdds } from './budget/plan-multiply-adds.js';
import { prepareBatch } from './prepare-batch.js';
import { trainPlan } from './run/train-plan.js';
import { tinyRun, tinySegment } from './test-support/tiny-run.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

/** One target a row, known beforehand: whether its answers speak of something dark. */
function teacherTargets({ rows }: ObjectivePluginContext): readonly number[] {
  return rows!.map(({ answers }) => (answers.some((answer) => answer.includes('dark')) ? 1 : 0));
}

/** Distillation in its smallest form: the mean of a row's pooled vector is drawn to what a teacher says of the row. */
function distillation(context: ObjectivePluginContext, seen: Batch[]): Objective {
  const targets = teacherTargets(context);
  const preparation: Preparation = {
    shapes: (_, { rowCount }) => ({ targets: { shape: [rowCount] } }),
    prepare: async (_, { rowIndices }) => {
      const indices = await rowIndices.data(); // a value read back, as no recorded step may
      return { targets: tf.tensor1d(Array.from(indices, (index) => targets[index]!)) };
    },
  };
  return {
    name: 'distillation',
    uses: { encoder: true, st: false, llm: false },
    reads: ['pooled'],
    preparation,
    loss: (parts, batch, { training, random }) => {
      seen.push(batch);
      const { pooled } = encodePictures(parts, batch, { training, random });
      const said = tf.mean(ofRows(pooled!, batch), 1); // [R]
      return tf.mean(tf.squaredDifference(said, batch.prepared!.targets!));
    },
  };
}

const entry = (seen: Batch[] = []) => ({
  presets: {},
  optionsSchema: z.strictObject({}),
  create: (_: object, context: ObjectivePluginContext) => distillation(context, seen),
});

const segment = tinySegment({
  objective: 'distillation',
  until: { steps: 60 },
  learn: { encoder: { select: 'full', learningRate: 0.02 } },
});

describe('an objective that prepares soft targets by row', () => {
  it('learns from them, and leaks nothing', async () => {
    const run = tinyRun([segment], { objectives: { distillation: entry() } });
    const before = tf.memory().numTensors;
    const [result] = (await trainPlan(run.options)).segments;
    expect(tf.memory().numTensors).toBe(before);
    expect(result!.lastLoss).toBeLessThan(result!.firstLoss * 0.6);
    run.dispose();
  });

  it('finds them in the batch by name, also where its cost is told from shapes', async () => {
    const seen: Batch[] = [];
    const run = tinyRun([segment], { objectives: { distillation: entry(seen) } });
    const { total } = await planMultiplyAdds(run.options);
    expect(total).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(0);
    for (const { prepared, rowCount } of seen) expect(prepared!.targets!.shape).toEqual([rowCount]);
    run.dispose();
  });
});

describe('prepareBatch', () => {
  const batch = { rowCount: 2 } as Batch;
  const random = {} as RandomStream;
  const prepare = (prepared: () => Record<string, Tensor>) => {
    const objective = {
      name: 'odd',
      preparation: { shapes: () => ({ targets: { shape: [2] } }), prepare: async () => prepared() },
    } as unknown as Objective;
    return prepareBatch(objective, {} as ModelParts, batch, { training: true, random });
  };

  it('refuses other names, shapes or types than those promised, and frees them', async () => {
    const before = tf.memory().numTensors;
    const refused = { code: 'contract-mismatch', message: expect.stringContaining("'odd' prepared") };
    await expect(prepare(() => ({ targets: tf.zeros([3]) }))).rejects.toMatchObject(refused);
    await expect(prepare(() => ({ target: tf.zeros([2]) }))).rejects.toMatchObject(refused);
    await expect(prepare(() => ({ targets: tf.zeros([2], 'int32') }))).rejects.toMatchObject(refused);
    expect(tf.memory().numTensors).toBe(before);
  });
});
