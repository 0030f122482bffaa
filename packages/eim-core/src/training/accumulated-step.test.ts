import { startEngine } from '@eim/engine';
import { scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../plan/parse-plan.js';
import { planMultiplyAdds } from './budget/plan-multiply-adds.js';
import { builtInObjectives } from './objectives/built-in-objectives.js';
import type { ObjectiveEntry } from './run/train-options.js';
import { trainPlan } from './run/train-plan.js';
import { fragileObjective } from './test-support/fragile-objective.js';
import { checkpointsInMemory, interruptionAfter } from './test-support/interruption.js';
import { tinyMixedRun, tinySegment } from './test-support/tiny-run.js';
import { outcome, unequalRun } from './test-support/unequal-run.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

function expectClose(weights: ReadonlyMap<string, Float32Array>, wanted: ReadonlyMap<string, Float32Array>) {
  for (const [name, values] of weights) {
    const differences = values.map((value, index) => Math.abs(value - wanted.get(name)![index]!));
    expect(Math.max(...differences), name).toBeLessThan(2e-6);
  }
}

describe.each(['cpu', 'wasm'] as const)('a step on several batches on %s', (engine) => {
  beforeAll(() => startEngine({ engine }));

  it.each([
    ['caption', false],
    ['caption', true],
    ['language', false],
    ['language', true],
  ])(
    'of %s learns what one on a single large batch learns (some rows of text alone: %s)',
    async (objective, mixed) => {
      const changes = {
        objective,
        ...(objective === 'language' && { learn: { llm: learn } }),
        ema: { decay: 0.5 },
      };
      const large = await outcome(unequalRun({ ...changes, batchSize: 12 }, mixed));
      const small = await outcome(unequalRun({ ...changes, batchSize: 3, accumulate: 4 }, mixed));
      expectClose(small.weights, large.weights);
      expect(small.logged).toHaveLength(4);
      for (const [index, numbers] of small.logged.entries()) {
        for (const name of ['loss', 'gradientNorm/llm', 'rate']) {
          expect(numbers[name]).toBeCloseTo(large.logged[index]![name] as number, 5);
        }
      }
      expect(small.segment).toMatchObject({ steps: 4, examples: 48, targetsLeftOut: 0 });
      // By another weighing it would be another result.
      const equal = await outcome(
        unequalRun({ ...changes, objective: 'even', batchSize: 3, accumulate: 4 }, mixed, {
          objectives: { even: evenly(objective as 'caption') },
        }),
      );
      expect(Math.abs((equal.logged[0]!.loss as number) - (large.logged[0]!.loss as number))).toBeGreaterThan(
        1e-4,
      );
    },
  );

  it('spends what the plan foretells, on batches of several lengths, and needs memory for its sums', async () => {
    const run = tinyMixedRun([
      tinySegment({ batchSize: 4, captionsPerPicture: 1, accumulate: 3, until: { steps: 5 } }),
    ]);
    const { segments } = await planMultiplyAdds(run.options);
    const [cost] = segments;
    const { segment } = await outcome(run);
    expect(cost!.total).toBe(segment.multiplyAdds.training);
    expect(cost!.steps).toBe(5);
    expect(cost!.byLength.reduce((sum, { steps }) => sum + steps, 0)).toBe(15);
    expect(cost!.perStep).toBe(Math.round(cost!.total / 5));
    const { memory: bytes } = cost!;
    expect(bytes.accumulated).toBe(bytes.moments / 2);
    expect(bytes.peak).toBe(bytes.parameters + bytes.moments + bytes.accumulated + bytes.working);
  });

  it('foretells what it encodes where nothing is cached', async () => {
    const run = unequalRun(
      { learn: { st: learn }, batchSize: 4, accumulate: 3, until: { steps: 2 } },
      false,
      { featureCache: 'off' },
    );
    const { segments } = await planMultiplyAdds({ ...run.options, featureCache: 'off' });
    const { segment } = await outcome(run);
    expect(segment.multiplyAdds.encoding).toBeGreaterThan(0);
    expect(segments[0]!.encoding).toBe(segment.multiplyAdds.encoding);
    expect(segments[0]!.total - segments[0]!.encoding).toBe(segment.multiplyAdds.training);
  });

  it('passes through the data so many times as faster: epochs count rows', async () => {
    const { segment } = await outcome(unequalRun({ batchSize: 4, accumulate: 3, until: { epochs: 2 } }));
    expect(segment).toMatchObject({ steps: 8, examples: 96 });
  });
});

describe('a step on several batches', () => {
  beforeAll(() => startEngine({ engine: 'wasm' }));

  it('leaves alone what no batch of it depends on, weight decay included', async () => {
    const st = { ...learn, weightDecay: 0.5 };
    const changes = { learn: { st, llm: learn }, objective: 'language', batchSize: 4, accumulate: 2 };
    const run = unequalRun(changes);
    const before = run.weights();
    const { weights } = await outcome(run);
    for (const [name, values] of weights)
      if (name.startsWith('st.')) expect(values).toEqual(before.get(name));
  });

  it('evaluates and stops by optimizer steps', async () => {
    const earlyStopping = {
      metric: 'score',
      direction: 'min',
      every: 2,
      patience: 1,
      split: 'train',
    } as const;
    const values = [1, 2, 0];
    const metrics = { score: async () => values.shift()! };
    const run = unequalRun({ batchSize: 4, accumulate: 3, until: { steps: 10, earlyStopping } }, false, {
      metrics,
    });
    expect((await outcome(run)).segment).toMatchObject({
      steps: 4,
      examples: 48,
      stoppedEarly: true,
      best: { step: 2, value: 1 },
    });
  });

  it('is left out with all of its batches where it fails, and a resumed run ends with the same bits', async () => {
    const objectives = { fragile: fragileObjective({ rows: [17] }) };
    const changes = {
      objective: 'fragile',
      batchSize: 4,
      accumulate: 3,
      ema: { decay: 0.9 },
      until: { steps: 3 },
    } as const;
    const whole = await outcome(unequalRun(changes, false, { objectives }));
    const [failure, ...others] = whole.segment.numericFailures!;
    expect(others).toEqual([]);
    const first = (failure!.step - 1) * 3;
    expect(failure!.batches).toEqual([first, first + 1, first + 2]);
    expect(whole.segment.examples).toBe(36);
    for (let cut = 1; cut < 3; cut += 1) {
      const checkpoints = checkpointsInMemory();
      const more = { objectives, checkpoints, resume: true };
      const run = unequalRun(changes, false, { ...more, ...interruptionAfter(cut) });
      await expect(trainPlan(run.options)).rejects.toMatchObject({ code: 'interrupted' });
      run.dispose();
      const resumed = await outcome(unequalRun(changes, false, more));
      expect(resumed.weights).toEqual(whole.weights);
      expect({ ...resumed.segment, seconds: 0 }).toEqual({ ...whole.segment, seconds: 0 });
    }
  });

  it('is refused where it has no batch', () => {
    expect(() => parsePlan({ segments: [tinySegment({ accumulate: 0 })] })).toThrow(/accumulate/);
    expect(() => parsePlan({ segments: [tinySegment({ accumulate: 1.5 })] })).toThrow(/accumulate/);
  });
});

/** An objective whose batches all count the same. */
function evenly(name: 'caption' | 'language'): ObjectiveEntry {
  const entry: ObjectiveEntry = builtInObjectives[name];
  return {
    ...entry,
    create: async (options, context) => {
      const objective = await entry.create(options, context);
      return {
        ...objective,
        loss: (parts, batch, { weigh, ...rest }) => {
          weigh?.(scalar(1));
          return objective.loss(parts, batch, rest);
        },
      };
    },
  };
}
