import type { Dataset, Row, Tokenizer } from '@eim/contracts';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory, scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../plan/parse-plan.js';
import type { SegmentInput } from '../plan/segment-schema.js';
import { createTinyParts, createTinyTokenizer } from '../testing/tiny-parts/index.js';
import { planMultiplyAdds } from './budget/plan-multiply-adds.js';
import type { Checkpoint } from './checkpoints/checkpoint.js';
import { builtInObjectives } from './objectives/built-in-objectives.js';
import type { ObjectiveEntry, TrainPlanOptions } from './run/train-options.js';
import { trainPlan } from './run/train-plan.js';
import { fragileObjective } from './test-support/fragile-objective.js';
import { TINY_WORDS, tinyDataset } from './test-support/tiny-dataset.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from './test-support/tiny-run.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

/** Answers of 1 to 7 words, and with `someTextAlone` every third row without a picture. */
function unequalDataset(someTextAlone: boolean): Dataset {
  const rows = tinyDataset({ train: 48 })
    .split('train')
    .map((row, index): Row => {
      const words = Array.from(
        { length: 1 + ((index * 5) % 7) },
        (_, word) => TINY_WORDS[(index + word) % 8],
      );
      const { picture, ...text } = { ...row, answers: [words.join(' ')] };
      return someTextAlone && index % 3 === 0 ? text : { ...text, picture: picture! };
    });
  return { name: 'unequal', splits: ['train'], split: () => rows, notes: [] };
}

/** Its first target stands at position 0, where nothing may come before it. */
function withoutBegin(tokenizer: Tokenizer): Tokenizer {
  const { begin: _, ...specialTokens } = tokenizer.specialTokens;
  return { ...tokenizer, specialTokens };
}

function unequalRun(
  changes: Partial<SegmentInput>,
  someTextAlone = false,
  more: Partial<TrainPlanOptions> = {},
): TinyRun {
  const whole = createTinyTokenizer(TINY_WORDS);
  const tokenizer = someTextAlone ? withoutBegin(whole) : whole;
  const model = createTinyParts({ random: createRandomStream('unequal'), tokenizer });
  // Adam divides gradients that are nothing but rounding by their own size; a larger epsilon keeps them small.
  const segment = tinySegment({
    learn: { encoder: learn, st: learn, llm: learn },
    captionsPerPicture: 1,
    optimizer: { epsilon: 1e-3 },
    clipNorm: 0.5,
    until: { steps: 4 },
    ...changes,
  });
  return tinyRun([segment], { model, tokenizer, dataset: unequalDataset(someTextAlone), ...more });
}

async function outcome(run: TinyRun) {
  const tensors = memory().numTensors;
  const logged: Record<string, number | string>[] = [];
  const logger = {
    log: (_: number, values: Readonly<Record<string, number | string>>) => void logged.push({ ...values }),
  };
  const result = await trainPlan({ logger, ...run.options });
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  for (const part of Object.values(run.model)) part.dispose();
  return { weights, logged, result, segment: result.segments[0]! };
}

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

  it('counts a batch of contrastive by its pictures', async () => {
    const counted: number[] = [];
    const seeing: ObjectiveEntry = {
      ...builtInObjectives.contrastive,
      create: (options, context) => {
        const objective = builtInObjectives.contrastive.create(options, context);
        return {
          ...objective,
          loss: (parts, batch, { weigh, ...rest }) =>
            objective.loss(parts, batch, {
              ...rest,
              ...(weigh && {
                weigh: (count) => {
                  counted.push(count.dataSync()[0]!);
                  weigh(count);
                },
              }),
            }),
        };
      },
    };
    const options = { textWidth: 4, projectionSize: 4 };
    const run = unequalRun(
      {
        learn: { encoder: learn },
        objective: { use: 'seeing', options },
        batchSize: 4,
        accumulate: 3,
        until: { steps: 2 },
      },
      true,
      { objectives: { seeing } },
    );
    const { segment } = await outcome(run);
    expect(segment.examples).toBe(24);
    expect(counted).toHaveLength(6);
    // A third of the rows shows nothing.
    expect(counted.every((count) => count >= 1 && count <= 4)).toBe(true);
    expect(new Set(counted).size).toBeGreaterThan(1);
  });

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
      let saved: Checkpoint | undefined;
      const checkpoints = {
        save: async (checkpoint: Checkpoint) => {
          saved = structuredClone(checkpoint);
        },
        latest: async () => saved,
      };
      const controller = new AbortController();
      let left = cut;
      const onProgress = ({ phase }: { phase: string }) => {
        left -= phase === 'train' ? 1 : 0;
        if (left === 0) controller.abort();
      };
      const more = { objectives, checkpoints, resume: true };
      const run = unequalRun(changes, false, { ...more, onProgress, signal: controller.signal });
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
