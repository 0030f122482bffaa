import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reward } from '@eim/contracts';
import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from '../../../node/checkpoints/checkpoint-folder.js';
import { parsePlan } from '../../../plan/parse-plan.js';
import type { SegmentInput } from '../../../plan/segment-schema.js';
import { resolveObjectives } from '../../../plugins/resolve-objectives.js';
import { loadFromList } from '../../../plugins/resolve-plugin.js';
import { planMultiplyAdds } from '../../budget/plan-multiply-adds.js';
import { trainPlan } from '../../run/train-plan.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../../test-support/tiny-run.js';
import { wordReward } from '../../test-support/word-reward.js';
import { type RewardEntry, selfCriticalEntry } from './self-critical-entry.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

const objectives = { 'self-critical': selfCriticalEntry({ words: wordReward }) };
const objective = { use: 'self-critical', options: { reward: 'words' } };
const learn = { select: 'full', learningRate: 0.02 } as const;

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The reward of words, which adds the mean of each call's scores to a list. */
const recording = (means: number[]): RewardEntry => ({
  ...wordReward,
  async create(options, context) {
    const { score } = await wordReward.create(options, context);
    return {
      async score(said) {
        const scores = await score(said);
        means.push(meanOf(scores));
        return scores;
      },
    };
  },
});

const afterCaptions = (changes: Partial<SegmentInput> = {}) => [
  tinySegment({ name: 'captions', learn: { encoder: learn, st: learn, llm: learn }, until: { steps: 30 } }),
  tinySegment({
    name: 'critical',
    objective,
    learn: { encoder: learn, st: learn, llm: learn },
    gate: { metric: 'reward', split: 'val', direction: 'max' },
    until: { steps: 40 },
    ...changes,
  }),
];

describe('self-critical training', () => {
  it.each([
    ['all parts', tinyRun, {}],
    ['behind a frozen encoder', tinyRun, { learn: { st: learn, llm: learn } }],
    ['behind a frozen encoder and ST', tinyRun, { learn: { llm: learn } }],
    ['on questions and text', tinyMixedRun, { captionsPerPicture: 2 }],
    ['on several batches a step', tinyRun, { accumulate: 2, until: { steps: 25 } }],
    [
      'with captions beside it',
      tinyRun,
      { objective: { ...objective, auxiliary: [{ use: 'caption', weight: 0.05 }] } },
    ],
  ] as const)('raises the reward of drawn answers: %s', async (_, start, changes) => {
    const means: number[] = [];
    const entry = recording(means);
    const segments = afterCaptions({ ...(changes as Partial<SegmentInput>), gate: undefined });
    const run = start(segments, { objectives: { 'self-critical': selfCriticalEntry({ words: entry }) } });
    const tensors = memory().numTensors;
    await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    // Of each batch the drawn answers are scored first, then the greedy ones.
    const drawn = means.filter((_, call) => call % 2 === 0);
    expect(meanOf(drawn.slice(-10))).toBeGreaterThan(meanOf(drawn.slice(0, 10)) + 0.02);
    run.dispose();
  });

  it('raises that of greedy answers on held-out pictures, which a gate may ask for', async () => {
    const run = tinyRun(afterCaptions(), { objectives });
    const { gate } = (await trainPlan(run.options)).segments[1]!;
    expect(gate!.after).toBeGreaterThan(gate!.before + 0.02);
    run.dispose();
  });

  it('costs in the forecast what its steps cost, sampling apart', async () => {
    const run = tinyRun(afterCaptions(), { objectives });
    const { segments } = await planMultiplyAdds(run.options);
    expect(segments[1]!.total).toBeGreaterThan(segments[0]!.total);
    run.dispose();
  });
});

describe('a self-critical segment that is interrupted', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eim-critical-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('ends with the very bits of an uninterrupted one', async () => {
    const segments = [tinySegment({ objective, until: { steps: 6 } })];
    const whole = tinyRun(segments, { objectives });
    await trainPlan(whole.options);
    const store = { objectives, checkpoints: createCheckpointFolder(folder), resume: true };
    const cut = tinyRun(segments, store);
    const controller = new AbortController();
    const onProgress = ({ phase, step }: { phase: string; step: number }) => {
      if (phase === 'train' && step === 3) controller.abort('enough');
    };
    const stopped = trainPlan({ ...cut.options, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    const again = tinyRun(segments, store);
    await trainPlan(again.options);
    expect(again.weights()).toEqual(whole.weights());
    for (const run of [whole, cut, again]) run.dispose();
  });
});

describe('rewards', () => {
  const failure = async (reward: unknown, more: object = { objectives }) => {
    const run = tinyRun([tinySegment({ objective: { ...objective, options: { reward } } })], more);
    const tensors = memory().numTensors;
    const error = await trainPlan(run.options).catch((caught) => caught);
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
    return error;
  };
  const giving = (score: Reward['score']) => ({
    objectives: { 'self-critical': selfCriticalEntry({ odd: { ...wordReward, create: () => ({ score }) } }) },
  });

  it('must be named, known, and give a finite number for each text', async () => {
    expect(await failure(undefined)).toMatchObject({ code: 'invalid-config' });
    expect(await failure('unheard-of')).toMatchObject({
      code: 'plugin-not-found',
      data: { known: ['words'] },
    });
    expect(await failure('words', {})).toMatchObject({ code: 'plugin-not-found', data: { known: [] } });
    expect(
      await failure(
        'odd',
        giving(() => []),
      ),
    ).toMatchObject({ code: 'contract-mismatch' });
    const infinite = giving((said) => said.map(() => Number.POSITIVE_INFINITY));
    expect(await failure('odd', infinite)).toMatchObject({ code: 'contract-mismatch' });
  });

  it('come from packages', async () => {
    const manifest = { contractVersion: 1, name: 'acme', rewards: { words: wordReward } };
    const load = loadFromList({ '@acme/rewards': manifest });
    const planOf = (reward: unknown) =>
      parsePlan({ segments: [tinySegment({ objective: { ...objective, options: { reward } } })] });
    for (const reward of ['@acme/rewards', '@acme/rewards/words', { use: '@acme/rewards', options: {} }]) {
      const found = await resolveObjectives(planOf(reward), load);
      const { segments } = planOf(reward);
      const run = tinyRun(segments, { objectives: found });
      expect((await trainPlan(run.options)).steps).toBe(10);
      run.dispose();
    }
    await expect(resolveObjectives(planOf('@acme/others'), load)).rejects.toMatchObject({
      code: 'plugin-not-found',
    });
    await expect(resolveObjectives(planOf('@acme/rewards/none'), load)).rejects.toMatchObject({
      message: expect.stringContaining("no reward 'none'"),
    });
  });
});
