import { startEngine } from '@eim/engine';
import { memory, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { builtInObjectives } from '../objectives/built-in-objectives.js';
import { type Fragility, fragileObjective } from '../test-support/fragile-objective.js';
import { checkpointsInMemory, interruptionAfter } from '../test-support/interruption.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { Recovery } from './recovery.js';
import type { SegmentLearner } from './segment-learner.js';
import type { ObjectiveEntry, TrainPlanOptions } from './train-options.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

const STEPS = 60;
/** An epoch is 66 batches, so each row comes once. */
const dataset = tinyDataset({ train: 198, val: 6 });
const segmentOf = (changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({
    objective: 'fragile',
    batchSize: 3,
    captionsPerPicture: 1,
    ema: { decay: 0.9 },
    until: { steps: STEPS },
    ...changes,
  });

function runWith(
  fragility: Fragility,
  changes: Partial<SegmentInput> = {},
  more: Partial<TrainPlanOptions> = {},
) {
  const objectives = { fragile: fragileObjective(fragility) };
  return tinyRun([segmentOf(changes)], { dataset, objectives, ...more });
}

/** Trains, and sees that no tensor is left. */
async function trained(...options: Parameters<typeof runWith>) {
  const run = runWith(...options);
  const tensors = memory().numTensors;
  const result = await trainPlan(run.options);
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  run.dispose();
  return { weights, notes: result.notes, segment: result.segments[0]!, steps: result.steps };
}

/** A row of the batch that each step sees. */
async function rowOfSteps(): Promise<number[]> {
  const rows: number[] = [];
  const seeing: ObjectiveEntry = {
    ...builtInObjectives.caption,
    create: (options) => {
      const objective = builtInObjectives.caption.create(options);
      return {
        ...objective,
        loss(parts, batch, context) {
          rows.push(batch.rowIndices.dataSync()[0]!);
          return objective.loss(parts, batch, context);
        },
      };
    },
  };
  const run = tinyRun([segmentOf()], { dataset, objectives: { fragile: seeing } });
  await trainPlan(run.options);
  run.dispose();
  return rows.slice(1);
}

const finite = (weights: ReadonlyMap<string, Float32Array>) =>
  [...weights.values()].every((values) => values.every(Number.isFinite));

describe('a step whose numbers are not finite', () => {
  let rows: number[];
  beforeAll(async () => {
    rows = await rowOfSteps();
  });

  it.each(['loss', 'gradient'] as const)(
    'is undone: the run goes back, halves its rate and leaves the batch out (in the %s)',
    async (where) => {
      const logged: [number, Record<string, number | string>][] = [];
      const told: string[] = [];
      const phases: [string, number][] = [];
      const { weights, segment, notes, steps } = await trained(
        { rows: [rows[54]!], in: where },
        {},
        {
          logger: { log: (step, values) => logged.push([step, { ...values }]) },
          onNote: (note) => told.push(note),
          onProgress: ({ phase, step }) => phases.push([phase, step]),
        },
      );
      expect(finite(weights)).toBe(true);
      expect(steps).toBe(STEPS);
      expect(segment).toMatchObject({ steps: STEPS, examples: 3 * STEPS });
      const what = where === 'loss' ? 'the loss is NaN and the gradients' : 'the gradients';
      expect(segment.numericFailures).toEqual([
        {
          step: 55,
          what: `${what} of encoder and st and llm are not finite`,
          wentBackTo: 50,
          batches: [54],
          rateFactor: 0.5,
        },
      ]);
      const note = `Segment 'joint', step 55: ${segment.numericFailures![0]!.what}. It went back to step 50 and goes on without that batch, at 1/2 of the learning rate.`;
      expect(notes).toEqual([note]);
      expect(told).toEqual([note]);
      expect(phases.filter(([phase]) => phase === 'go-back')).toEqual([['go-back', 50]]);
      expect(logged.map(([step]) => step)).toEqual([
        ...Array.from({ length: 54 }, (_, index) => index + 1),
        50,
        ...Array.from({ length: 10 }, (_, index) => index + 51),
      ]);
      const [again, before] = [logged[55]![1], logged[50]![1]];
      expect(again.loss).toBe(before.loss);
      expect(again.rate).toBe((before.rate as number) / 2);
    },
  );

  it('is undone at an unchanged rate where its batch is only to be left out', async () => {
    const rates: number[] = [];
    const logger = { log: (_: number, { rate }: Record<string, unknown>) => void rates.push(rate as number) };
    const changes = { onNumericFailure: 'leave-out', schedule: 'constant' } as const;
    const { weights, segment, notes } = await trained({ rows: [rows[54]!], in: 'loss' }, changes, { logger });
    expect(finite(weights)).toBe(true);
    expect(segment.numericFailures).toMatchObject([{ step: 55, wentBackTo: 50, rateFactor: 1 }]);
    expect(notes[0]).toMatch(/goes on without that batch\.$/);
    // the failure itself is logged without a rate
    expect(new Set(rates.slice(STEPS / 2).filter(Boolean)).size).toBe(1);
  });

  it('leaves no trace where none fails', async () => {
    const [plain, stopping] = [await trained({}), await trained({}, { onNumericFailure: 'stop' })];
    expect(plain.weights).toEqual(stopping.weights);
    expect(plain.segment).not.toHaveProperty('numericFailures');
  });

  it('ends the run at once where that is asked for', async () => {
    const run = runWith({ rows: [rows[2]!] }, { onNumericFailure: 'stop' });
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'numeric-failure',
      message: expect.stringMatching(
        /^Segment 'joint', step 3: the loss is NaN and the gradients of encoder and st and llm are not finite\. Lower/,
      ),
    });
    run.dispose();
  });

  it('takes the segment back to its start where the copy does not get it further', async () => {
    const { segment, weights } = await trained({ rows: [rows[54]!, rows[55]!] });
    expect(segment.numericFailures!.map(({ step, wentBackTo }) => [step, wentBackTo])).toEqual([
      [55, 50],
      [55, 0],
    ]);
    expect(segment.numericFailures!.map(({ batches }) => batches)).toEqual([[54], [55]]);
    expect(segment.examples).toBe(3 * STEPS);
    expect(finite(weights)).toBe(true);
  });

  it('takes it to its start before the first copy, and to what another segment left', async () => {
    const first = tinySegment({ name: 'first', until: { steps: 5 }, batchSize: 3, captionsPerPicture: 1 });
    const run = tinyRun([first, segmentOf({ until: { steps: 10 } })], {
      dataset,
      objectives: { fragile: fragileObjective({ rows: [rows[8]!] }) },
    });
    const { segments, steps } = await trainPlan(run.options);
    expect(segments[1]!.numericFailures).toMatchObject([{ step: 4, wentBackTo: 0, batches: [8] }]);
    expect(steps).toBe(15);
    expect(finite(run.weights())).toBe(true);
    run.dispose();
  });

  it('ends the run after three times, saying so', async () => {
    const run = runWith({ rows: rows.slice(1, 6) });
    const tensors = memory().numTensors;
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'numeric-failure',
      message: expect.stringMatching(
        /step 2: the loss is NaN.* It had gone back 3 times before, down to 1\/8 of/,
      ),
      data: { segment: 'joint', step: 2, wentBack: 3 },
    });
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });

  it('gets by where half the rate is low enough', async () => {
    const start = runWith({});
    const most = Math.max(
      ...[...start.weights()].flatMap(([name, values]) => (name.startsWith('llm') ? [...values] : [])),
    );
    start.dispose();
    // An early step of Adam moves a weight by about its rate.
    const learn = { llm: { select: 'full', learningRate: 8 } } as const;
    const { segment } = await trained(
      { greatestWeight: most + 3.5 },
      { learn, schedule: 'constant', until: { steps: 3 }, ema: undefined },
    );
    expect(
      segment.numericFailures!.map(({ wentBackTo, rateFactor }) => [wentBackTo, rateFactor]),
    ).toContainEqual([0, 0.25]);
  });

  it('is found at the end in the weights, which no later loss shows', async () => {
    const run = runWith({}, { learn: { llm: { select: 'full', learningRate: 1e39 } }, until: { steps: 1 } });
    await expect(trainPlan(run.options)).rejects.toThrow(
      /Segment 'joint', step 1: the weights of llm are not finite\. It had gone back 3 times/,
    );
    run.dispose();
  });

  it.each(['encoder', 'llm'] as const)(
    'names the part at once where the %s was spoilt before',
    async (part) => {
      const frozen = { st: { select: 'full', learningRate: 0.01 } } as const;
      const run = runWith({}, { learn: part === 'llm' ? { llm: frozen.st } : frozen });
      const { name, variable } = run.model[part].parameters()[0]!;
      const spoilt = tensor(new Float32Array(variable.size).fill(Number.NaN), [...variable.shape]);
      variable.assign(spoilt);
      spoilt.dispose();
      const told: string[] = [];
      await expect(trainPlan({ ...run.options, onNote: (note) => told.push(note) })).rejects.toMatchObject({
        code: 'numeric-failure',
        message: expect.stringMatching(
          new RegExp(`the loss is NaN.*, because weights of the ${part} hold values .*: '${name}'`),
        ),
        data: { part },
      });
      expect(told).toEqual([]);
      run.dispose();
    },
  );

  it('leaves a run that is resumed with the very bits of one that was not, wherever it was cut', async () => {
    const keepBest = { metric: 'loss', direction: 'min', every: 7 } as const;
    const fragility = { rows: [rows[20]!, rows[54]!, rows[57]!] };
    const whole = await trained(fragility, { keepBest });
    expect(whole.segment.numericFailures!.map(({ wentBackTo }) => wentBackTo)).toEqual([0, 50, 50]);
    for (const cuts of [[25], [50], [53, 4], [1, 30, 40]]) {
      const checkpoints = checkpointsInMemory();
      for (const cut of cuts) {
        const run = runWith(
          fragility,
          { keepBest },
          { checkpoints, resume: true, ...interruptionAfter(cut) },
        );
        await expect(trainPlan(run.options)).rejects.toMatchObject({ code: 'interrupted' });
        run.dispose();
      }
      const { weights, segment } = await trained(fragility, { keepBest }, { checkpoints, resume: true });
      expect(weights).toEqual(whole.weights);
      expect({ ...segment, seconds: 0 }).toEqual({ ...whole.segment, seconds: 0 });
    }
  });
});

describe('copies', () => {
  const start = { step: 0, examples: 0, recentLosses: [], targetsLeftOut: 0, data: {} as never };
  const learnerOf = (size: number, data: readonly number[] = [1]) => {
    const calls: string[] = [];
    const learner = {
      everything: [{ name: 'weight', variable: { size } }],
      copyEverything: async () => [{ name: 'weight', shape: [1], data: Float32Array.from(data) }],
      takeUp: () => calls.push('copy'),
      startOver: () => calls.push('start'),
      onNumericFailure: 'go-back',
    };
    return { learner: learner as unknown as SegmentLearner, calls };
  };

  it.each([
    ['are gone back to', 2 ** 26, [1], 'copy'],
    ['are not made where they would take more than 256 MiB', 2 ** 26 + 1, [1], 'start'],
    ['are not made of values that are not finite', 8, [Number.POSITIVE_INFINITY], 'start'],
  ] as const)('%s', async (_, size, data, expected) => {
    const { learner, calls } = learnerOf(size, data);
    const recovery = new Recovery(learner, [], { start, failures: [] });
    await recovery.observe({ ...start, step: 49 });
    expect(recovery.tensors).toBeUndefined();
    await recovery.observe({ ...start, step: 50 });
    const point = recovery.goBack(52, { what: 'the loss is NaN', data: {} }, [51]);
    expect(calls).toEqual([expected]);
    expect(point!.step).toBe(expected === 'copy' ? 50 : 0);
    expect(recovery.rateFactor).toBe(0.5);
  });
});
