import type { TextSide } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { withMethods } from '../../../compose/with-methods.js';
import type { SegmentInput } from '../../../plan/segment-schema.js';
import { checkGradients } from '../../../testing/check-gradients.js';
import { planMultiplyAdds } from '../../budget/plan-multiply-adds.js';
import { disposeBatch } from '../../data/batch-tensors.js';
import { prepareBatch } from '../../prepare-batch.js';
import { createObjective } from '../../run/create-objective.js';
import { trainPlan } from '../../run/train-plan.js';
import { firstBatch } from '../../test-support/first-batch.js';
import { checkpointsInMemory, interruptionAfter } from '../../test-support/interruption.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../../test-support/tiny-run.js';
import { tinyTextSide } from '../../test-support/tiny-text-side.js';
import { outcome, unequalRun } from '../../test-support/unequal-run.js';
import { contrastiveEntry } from '../contrastive-entry.js';

const learn = { select: 'full', learningRate: 0.01 } as const;
const FROZEN = { use: 'contrastive', options: { textSide: 'encoder', temperature: 0.2 } };
const LEARNING = { use: 'contrastive', options: { ...FROZEN.options, textLearningRate: 0.01 } };
const segmentOf = (objective: SegmentInput['objective'], changes: Partial<SegmentInput> = {}) =>
  tinySegment({ objective, learn: { encoder: learn }, batchSize: 4, until: { steps: 3 }, ...changes });

/** The objective with a tower that is the same at every call; the last one is told of. */
function withTower(onOpen: (side: ReturnType<typeof tinyTextSide>) => void = () => {}, pooledSize?: number) {
  const open = async (): Promise<TextSide> => {
    const side = tinyTextSide(createRandomStream('tower'), pooledSize);
    onOpen(side);
    return side;
  };
  return { contrastive: contrastiveEntry(open) };
}

describe.each(['cpu', 'wasm'] as const)("contrast with the encoder's own text tower on %s", (engine) => {
  beforeAll(() => startEngine({ engine }));

  it.each([
    ['captions', tinyRun, FROZEN],
    ['captions', tinyRun, LEARNING],
    ['questions and text', tinyMixedRun, LEARNING],
  ] as const)('has the gradients of finite differences: %s, %j', async (_, start, use) => {
    const run = start([segmentOf(use)]);
    const before = memory().numTensors;
    const { rows, batch: plain } = await firstBatch(run);
    const { tokenizer, plan } = run.options;
    const given = { random: createRandomStream('objective'), parts: run.model, tokenizer, rows };
    const objective = await createObjective(plan.segments[0]!, given, withTower());
    // Without dropout, which differs from call to call.
    const context = { training: false, random: createRandomStream(1) };
    const batch = await prepareBatch(objective, run.model, plain, context);
    const parameters = [...run.model.encoder.parameters(), ...objective.parameters!()];
    await checkGradients(parameters, () => [objective.loss(run.model, batch, context)]);
    expect(objective.parameters!().map(({ name }) => name)).toEqual(
      use === FROZEN ? ['log-scale'] : ['text.tokens', 'text.projection', 'log-scale'],
    );
    disposeBatch(batch);
    objective.dispose!();
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });

  it.each([
    ['frozen', FROZEN, 1],
    ['learning', LEARNING, 1],
    ['learning over several batches', LEARNING, 3],
  ] as const)('spends what the plan foretells: %s', async (_, objective, accumulate) => {
    const run = tinyMixedRun([segmentOf(objective, { captionsPerPicture: 1, accumulate })], {
      objectives: withTower(),
    });
    const [cost] = (await planMultiplyAdds(run.options)).segments;
    const { segment } = await outcome(run);
    expect(cost!.total).toBe(segment.multiplyAdds.training);
    const frozen = (await costOf(FROZEN)).byLength[0]!.perStepBy.objective;
    expect((await costOf(LEARNING)).byLength[0]!.perStepBy.objective).toBeGreaterThan(frozen);
  });

  it('over several batches learns what one large batch teaches', async () => {
    const outcomeOf = (sizes: Partial<SegmentInput>) =>
      outcome(
        unequalRun({ objective: FROZEN, learn: { encoder: learn }, ...sizes }, false, {
          objectives: withTower(),
        }),
      );
    const large = await outcomeOf({ batchSize: 12 });
    const small = await outcomeOf({ batchSize: 3, accumulate: 4 });
    for (const [name, values] of small.weights)
      for (const [index, value] of values.entries())
        expect(Math.abs(value - large.weights.get(name)![index]!)).toBeLessThan(2e-6);
  });
});

async function costOf(objective: SegmentInput['objective']) {
  const run = tinyRun([segmentOf(objective)], { objectives: withTower() });
  const [cost] = (await planMultiplyAdds(run.options)).segments;
  run.dispose();
  return cost!;
}

describe("contrast with the encoder's own text tower", () => {
  beforeAll(() => startEngine({ engine: 'cpu' }));

  it('gives the tower the captions in its own tokens, and leaves it as it was where it is frozen', async () => {
    const moved: number[] = [];
    for (const [objective, changes] of [
      [FROZEN, {}],
      [LEARNING, {}],
      [{ ...LEARNING, options: { ...LEARNING.options, textLearningRate: 1e-5 } }, {}],
    ] as const) {
      const seen = new Set<string>();
      let tower: ReturnType<typeof tinyTextSide>['encoder'] | undefined;
      let start: Float32Array | undefined;
      let end: Float32Array | undefined;
      const objectives = withTower((side) => {
        const own = side.encoder;
        const { encodeText } = own;
        Object.assign(side, {
          encoder: withMethods(own, {
            encodeText(ids, mask, options) {
              for (const row of ids.arraySync()) seen.add(String(row.filter((id) => id !== 0)));
              return encodeText.call(own, ids, mask, options);
            },
            dispose() {
              end = Float32Array.from(own.parameters()[0]!.variable.dataSync() as Float32Array);
              own.dispose();
            },
          }),
        });
        tower = own;
        start = Float32Array.from(own.parameters()[0]!.variable.dataSync() as Float32Array);
      });
      const run = tinyRun([segmentOf(objective, changes)], { objectives, recordSteps: false });
      const { encode } = tinyTextSide(createRandomStream('tower'));
      const captions = run.options.dataset.split('train').flatMap(({ answers }) => answers);
      const spelt = new Set(captions.map((caption) => String(encode(caption))));
      await outcome(run);
      expect(tower!.isDisposed).toBe(true);
      const read = [...seen].filter((row) => row !== '1,2' && row !== '');
      expect(read.length).toBeGreaterThan(3);
      for (const row of read) expect(spelt.has(row), row).toBe(true);
      moved.push(Math.max(...end!.map((value, index) => Math.abs(value - start![index]!))));
    }
    const [frozen, learning, slow] = moved;
    expect(frozen).toBe(0);
    expect(learning).toBeGreaterThan(5e-3);
    expect(slow! / learning!).toBeCloseTo(1e-3, 3);
  });

  it('measures retrieval, and ends with the same bits where it was interrupted', async () => {
    const gate = { metric: 'retrieval@5', split: 'val', direction: 'max', tolerance: 1 } as const;
    const segment = segmentOf(LEARNING, { gate, until: { steps: 4 } });
    const objectives = withTower();
    const whole = await outcome(tinyRun([segment], { objectives }));
    expect(whole.segment.gate!.after).toBeGreaterThan(0);
    const checkpoints = checkpointsInMemory();
    const cut = tinyRun([segment], { objectives, checkpoints, ...interruptionAfter(2) });
    await expect(trainPlan(cut.options)).rejects.toMatchObject({ code: 'interrupted' });
    cut.dispose();
    const resumed = await outcome(tinyRun([segment], { objectives, checkpoints, resume: true }));
    expect(resumed.weights).toEqual(whole.weights);
    expect({ ...resumed.segment, seconds: 0 }).toEqual({ ...whole.segment, seconds: 0 });
  });

  it.each([
    [FROZEN, {}, /textSide: encoder\), but none is known/],
    [FROZEN, { objectives: withTower(undefined, 7) }, /vectors of 7 numbers .* encoder's of 5/],
    [
      { ...FROZEN, options: { textSide: 'encoder', textWidth: 8 } },
      {},
      /textWidth.*belongs to textSide: trained/,
    ],
    [{ ...FROZEN, options: { textLearningRate: 1e-5 } }, {}, /textLearningRate.*needs textSide: encoder/],
  ] as const)('is refused by name: %j', async (objective, more, message) => {
    const run = tinyRun([segmentOf(objective)], more);
    const before = memory().numTensors;
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(message),
    });
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });

  it('is refused for an ST that reads tokens, unless the pooled vector is compared', async () => {
    const run = tinyRun([segmentOf(FROZEN)]);
    const st = withMethods(run.model.st, { reads: ['tokens'] });
    const given = { random: createRandomStream(1), parts: { ...run.model, st } };
    const [segment] = run.options.plan.segments;
    await expect(createObjective(segment!, given, withTower())).rejects.toThrow(/the ST reads tokens/);
    const pooled = {
      ...segment!,
      objective: { ...FROZEN, options: { ...FROZEN.options, source: 'pooled' } },
    };
    const objective = await createObjective(pooled as never, given, withTower());
    expect(objective.reads).toContain('pooled');
    objective.dispose!();
    run.dispose();
  });
});
