import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parameterLedger } from '../../ledger/parameter-ledger.js';
import { structureFingerprint } from '../../ledger/structure-fingerprint.js';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import {
  createTinyTokenizer,
  TinyEncoder,
  TinyQuantisedLanguageModel,
  TinySemanticTransform,
} from '../../testing/tiny-parts/index.js';
import { planCost } from '../budget/plan-cost.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { longestSplitShape } from '../budget/split-shape.js';
import { fragileObjective } from '../test-support/fragile-objective.js';
import { TINY_WORDS, tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { outcome, unequalRun } from '../test-support/unequal-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

const lora = { rank: 2, alpha: 4 };
const learn = {
  st: { select: 'full', learningRate: 0.02 },
  llm: { select: [{ lora }, 'norms-and-biases'], learningRate: 0.02, weightDecay: 0.01 },
} satisfies SegmentInput['learn'];
const lowRank = (changes: Partial<SegmentInput> = {}) => tinySegment({ name: 'low-rank', learn, ...changes });
const ATTENTION = ['query', 'key', 'value', 'output'].map((name) => `llm.blocks.0.${name}.weight`);

/** The rank of the difference of two matrices `[8, 8]`, by Gaussian elimination. */
function rankOfChange(before: Float32Array, after: Float32Array): number {
  const rows = Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (_, column) => after[row * 8 + column]! - before[row * 8 + column]!),
  );
  let rank = 0;
  for (let column = 0; column < 8 && rank < 8; column += 1) {
    const left = rows.slice(rank).map((row) => Math.abs(row[column]!));
    const best = rank + left.indexOf(Math.max(...left));
    if (Math.abs(rows[best]![column]!) < 1e-5) continue;
    [rows[rank], rows[best]] = [rows[best]!, rows[rank]!];
    for (const row of rows.slice(rank + 1)) {
      const factor = row[column]! / rows[rank]![column]!;
      for (let at = column; at < 8; at += 1) row[at]! -= factor * rows[rank]![at]!;
    }
    rank += 1;
  }
  return rank;
}

describe('a segment that learns in low rank', () => {
  it('learns, changes weights by no more than its rank, and leaves the parameters that were there', async () => {
    const run = tinyRun([lowRank({ until: { steps: 60 } })]);
    const [before, structure] = [run.weights(), structureFingerprint(run.model)];
    const tensors = memory().numTensors;
    const { segments } = await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    const [segment] = segments;
    expect(segment!.lastLoss).toBeLessThan(segment!.firstLoss * 0.8);
    expect(structureFingerprint(run.model)).toEqual(structure);
    const after = run.weights();
    for (const name of ATTENTION) expect(rankOfChange(before.get(name)!, after.get(name)!)).toBe(2);
    for (const name of ['llm.head.weight', 'llm.token.weight', 'encoder.head.weight'])
      expect(after.get(name)).toEqual(before.get(name));
    // 4 weights of 8 x 8 in rank 2, a gain of 8 and a bias of the vocabulary.
    const llm = 4 * 2 * (8 + 8) + 8 + run.options.tokenizer.vocabularySize;
    expect(segment!.trainable.llm).toBe(llm);
    const ledger = parameterLedger(run.model, { plan: run.options.plan });
    expect(ledger.parts.llm.trainable).toEqual({ 'low-rank': llm });
    expect(ledger.total).toBe([...before.values()].reduce((sum, { length }) => sum + length, 0));
    run.dispose();
  });

  it.each([1, 3])('foretells what it costs where a step takes %d batches', async (accumulate) => {
    const run = tinyRun([lowRank({ accumulate, ema: { decay: 0.9 }, until: { steps: 5 } })]);
    const before = run.weights();
    const tensors = memory().numTensors;
    const { segments } = await planMultiplyAdds(run.options);
    expect(memory().numTensors).toBe(tensors);
    expect(run.weights()).toEqual(before);
    const [cost] = segments;
    const real = (await trainPlan(run.options)).segments[0]!;
    expect(cost!.steps * cost!.perStep).toBe(real.multiplyAdds.training);
    // Four weights of 8 x 8 in rank 2.
    expect(cost!.updating).toBe(4 * 8 * 2 * 8);
    const { perStep, perStepBy } = cost!.byLength[0]!;
    expect(Object.values(perStepBy).reduce((sum, count) => sum + count)).toBe(perStep);
    expect(cost!.perStep).toBe(accumulate * perStep + cost!.updating);
    run.dispose();
  });

  it('learns from several batches a step what it learns from one large one', async () => {
    const [large, small] = [
      await outcome(unequalRun({ learn, batchSize: 12 }, false)),
      await outcome(unequalRun({ learn, batchSize: 3, accumulate: 4 }, false)),
    ];
    for (const [name, values] of small.weights) {
      const other = large.weights.get(name)!;
      for (const [index, value] of values.entries()) expect(value, name).toBeCloseTo(other[index]!, 4);
    }
  });

  it('counts moments of the factors, the factors, and one copy of what they update', async () => {
    const memoryOf = async (selection: NonNullable<SegmentInput['learn']['llm']>['select']) => {
      const llm = { select: selection, learningRate: 0.1 };
      const run = tinyRun([tinySegment({ learn: { llm }, ema: { decay: 0.9 } })]);
      const split = () => longestSplitShape({ pictures: 8, textLength: 5 }, true);
      const { segments } = await planCost({ model: run.model, plan: run.options.plan, split });
      run.dispose();
      return segments[0]!.memory;
    };
    const [whole, low] = [
      await memoryOf({ names: ATTENTION.map((name) => name.slice(4)) }),
      await memoryOf({ lora }),
    ];
    const [weights, factors] = [4 * 4 * 8 * 8, 4 * 4 * 2 * (8 + 8)];
    expect(whole).toMatchObject({ moments: 2 * weights, average: weights, lowRank: 0 });
    expect(low).toMatchObject({
      moments: 2 * factors,
      average: weights + factors,
      lowRank: weights + factors,
    });
    expect(low.parameters).toBe(whole.parameters);
    expect(low.peak).toBe(low.parameters + low.moments + low.average + low.lowRank + low.working);
  });

  it('goes back as a whole where a number is not finite, and its weights stay within their rank', async () => {
    const objectives = { fragile: fragileObjective({ rows: [5], in: 'gradient' }) };
    const run = tinyRun([lowRank({ objective: 'fragile', until: { steps: 12 } })], {
      objectives,
      // Longer than the segment, so that the row comes once.
      dataset: tinyDataset({ train: 160, val: 6 }),
    });
    const before = run.weights();
    const [segment] = (await trainPlan(run.options)).segments;
    expect(segment!.numericFailures!.length).toBeGreaterThan(0);
    const after = run.weights();
    for (const name of ATTENTION) {
      expect(after.get(name)!.every(Number.isFinite)).toBe(true);
      expect(rankOfChange(before.get(name)!, after.get(name)!)).toBe(2);
    }
    run.dispose();
  });

  it('is rolled back to the bit', async () => {
    const wild = { llm: { select: { lora }, learningRate: 10 } };
    const gate = { metric: 'loss', direction: 'min' } as const;
    const run = tinyRun([lowRank({ learn: wild, gate, schedule: 'constant', ema: { decay: 0.5 } })]);
    const before = run.weights();
    const { segments } = await trainPlan(run.options);
    expect(segments[0]!.gate).toMatchObject({ kept: false });
    expect(run.weights()).toEqual(before);
    run.dispose();
  });

  it.each([{}, { ema: { decay: 0.5 } }])(
    'leaves the best weights where it stops early, with %j',
    async (average) => {
      const values = [3, 1, 2, 2, 0];
      const seen: Map<string, Float32Array>[] = [];
      const earlyStopping = { metric: 'score', direction: 'min', every: 2, patience: 2 } as const;
      const run = tinyRun([lowRank({ until: { steps: 20, earlyStopping }, ...average })], {
        metrics: {
          score: async () => {
            seen.push(run.weights());
            return values[seen.length - 1]!;
          },
        },
      });
      expect((await trainPlan(run.options)).segments[0]!.best).toMatchObject({ value: 1, step: 4 });
      expect(run.weights()).toEqual(seen[1]);
      run.dispose();
    },
  );

  it('goes on after a segment that trained its weights whole, and before one that does', async () => {
    const whole = { llm: { select: 'full', learningRate: 0.01 } } as const;
    const segments = [
      tinySegment({ name: 'before', learn: whole, until: { steps: 4 } }),
      lowRank({ until: { steps: 6 } }),
      tinySegment({ name: 'after', learn: whole, until: { steps: 4 } }),
    ];
    const run = tinyRun(segments);
    const { segments: results } = await trainPlan(run.options);
    expect(results.map(({ trainable }) => trainable.llm! > 300)).toEqual([true, false, true]);
    run.dispose();
  });

  it('is refused by name for a read-only weight', async () => {
    const tokenizer = createTinyTokenizer(TINY_WORDS);
    const random = createRandomStream('read-only');
    const llm = new TinyQuantisedLanguageModel({ random, tokenizer });
    const model = { encoder: new TinyEncoder({ random }), st: new TinySemanticTransform({ random }), llm };
    const named = { select: { lora: { rank: 1, names: '*.weight' } }, learningRate: 0.1 };
    const run = tinyRun([lowRank({ learn: { llm: named } })], { model, tokenizer });
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining("asks for 'head.weight' of the llm, which is held as int8"),
    });
    for (const part of Object.values(model)) part.dispose();
    run.dispose();
  });
});

describe('resuming', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eim-low-rank-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const segments = [
    lowRank({
      ema: { decay: 0.9 },
      gate: { metric: 'loss', direction: 'min' },
      until: { steps: 7, earlyStopping: { metric: 'loss', direction: 'min', every: 2, patience: 5 } },
    }),
    lowRank({ name: 'again', until: { steps: 6 } }),
  ];

  /** Weights after the plan, interrupted after these numbers of steps. */
  async function finalWeights(interruptions: readonly number[]) {
    const checkpoints = createCheckpointFolder(join(folder, `run-${interruptions.join('-')}`));
    for (const stopAt of interruptions) {
      const run = tinyRun(segments, { checkpoints, resume: true });
      const controller = new AbortController();
      let steps = 0;
      const onProgress = ({ phase }: { phase: string }) => {
        if (phase === 'train') steps += 1;
        if (steps === stopAt) controller.abort('enough');
      };
      const interrupted = trainPlan({ ...run.options, onProgress, signal: controller.signal });
      await expect(interrupted).rejects.toMatchObject({ code: 'interrupted', data: { saved: true } });
      run.dispose();
    }
    const run = tinyRun(segments, { checkpoints, resume: true });
    const { steps } = await trainPlan(run.options);
    expect(steps).toBe(13);
    const weights = run.weights();
    run.dispose();
    return weights;
  }

  it('ends with the very bits of an uninterrupted run, wherever it was cut', async () => {
    const whole = await finalWeights([]);
    for (const cuts of [[3], [6, 4], [1, 8]]) expect(await finalWeights(cuts)).toEqual(whole);
  });
});
