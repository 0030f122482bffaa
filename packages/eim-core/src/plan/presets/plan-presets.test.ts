import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigIssue } from '../config-issues.js';
import { resolvePlan } from '../resolve-plan.js';
import { PLAN_PRESETS, type PlanPresetName } from './plan-presets.js';

const names = (plan: ReturnType<typeof resolvePlan>) => plan.segments.map(({ name }) => name);
const steps = (plan: ReturnType<typeof resolvePlan>) =>
  plan.segments.reduce((sum, { until }) => sum + (until.steps ?? Number.NaN), 0);
const issuesOf = (input: unknown) => {
  try {
    resolvePlan(input, { at: 'plan' });
  } catch (error) {
    if (EimError.isInstance(error)) return error.data.issues as ConfigIssue[];
    throw error;
  }
  return [];
};

describe('plan presets', () => {
  it('puts the measures in order, each behind its gate', () => {
    const plan = resolvePlan({ preset: 'eim', steps: 1000 });
    expect(plan.segments.map(({ name, objective, gate }) => [name, objective.use, gate?.metric])).toEqual([
      ['contrast', 'contrastive', 'neighbour-agreement'],
      ['language', 'language', 'loss'],
      ['align', 'embedding-alignment', 'retrieval@1'],
      ['warm-up', 'caption', 'loss'],
      ['joint', 'caption', undefined],
    ]);
    expect(plan.segments.at(-1)!.objective.options).toEqual({ labelSmoothing: 0.1 });
  });

  it('ablates one part at a time', () => {
    expect(names(resolvePlan({ preset: 'eim-encoder', steps: 100 }))).toEqual(['contrast', 'joint']);
    expect(names(resolvePlan({ preset: 'eim-st', steps: 100 }))).toEqual(['align', 'warm-up', 'joint']);
    const llm = resolvePlan({ preset: 'eim-llm', steps: 100 });
    expect(names(llm)).toEqual(['language', 'joint']);
    const { encoder, llm: language } = llm.segments[1]!.learn;
    expect(language!.learningRate).toBeLessThan(encoder!.learningRate);
    expect(resolvePlan({ preset: 'eim-st', steps: 100 }).segments.at(-1)!.learn).toEqual(
      resolvePlan({ preset: 'plain', steps: 100 }).segments[0]!.learn,
    );
  });

  it('spends exactly the steps asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1e6 }), (total) => {
        for (const preset of Object.keys(PLAN_PRESETS) as PlanPresetName[]) {
          expect(steps(resolvePlan({ preset, steps: total }))).toBe(total);
        }
      }),
    );
  });

  it('leaves a frozen encoder without its measure', () => {
    const plan = resolvePlan({ preset: 'eim', steps: 100, select: { encoder: 'frozen' } });
    expect(names(plan)).toEqual(['language', 'align', 'warm-up', 'joint']);
    expect(plan.segments.at(-1)!.learn.encoder).toBeUndefined();
  });

  it('gives the published recipe of ClipCap', () => {
    const [joint] = resolvePlan({ preset: 'clipcap' }).segments;
    expect(joint).toMatchObject({
      learn: { st: { learningRate: 2e-5 }, llm: { learningRate: 2e-5 } },
      until: { epochs: 10 },
      batchSize: 40,
      warmupSteps: 5000,
      schedule: 'linear',
      optimizer: { epsilon: 1e-6 },
    });
    expect(joint!.learn.encoder).toBeUndefined();
    expect(resolvePlan({ preset: 'clipcap', warmupSteps: 20 }).segments).toEqual([
      { ...joint, warmupSteps: 20 },
    ]);
    const prefixOnly = resolvePlan({ preset: 'clipcap', select: { llm: 'frozen' } });
    expect(Object.keys(prefixOnly.segments[0]!.learn)).toEqual(['st']);
  });
});

describe('LLaMA-Adapter', () => {
  it('gives the published recipe of V1, its rate by the rows of a step', () => {
    const [finetune, ...others] = resolvePlan({ preset: 'llama-adapter' }).segments;
    expect(others).toEqual([]);
    expect(finetune).toMatchObject({
      learn: { st: { select: 'full', learningRate: 1.125e-3, weightDecay: 0.02, decayed: 'matrices' } },
      until: { epochs: 5 },
      batchSize: 32,
      warmupFraction: 0.4,
      schedule: 'cosine',
      optimizer: { beta1: 0.9, beta2: 0.95 },
    });
    expect(finetune!.clipNorm).toBeUndefined();
    const paper = resolvePlan({ preset: 'llama-adapter', batchSize: 64, epochs: 30 }).segments[0]!;
    expect(paper.learn.st!.learningRate).toBeCloseTo(2.25e-3, 12);
    expect(paper.warmupFraction).toBeCloseTo(2 / 30, 12);
  });

  it('gives the two published phases of V2, which train different parameters', () => {
    const plan = resolvePlan({ preset: 'llama-adapter-v2' });
    expect(names(plan)).toEqual(['pretrain', 'finetune']);
    const [pretrain, finetune] = plan.segments;
    expect(pretrain).toMatchObject({
      learn: { st: { learningRate: 1.25e-5, weightDecay: 0.05 } },
      until: { epochs: 3 },
    });
    expect(pretrain!.learn.llm).toBeUndefined();
    expect(finetune).toMatchObject({
      learn: {
        st: { select: { names: 'linears.*.bias' }, learningRate: 1.25e-4, weightDecay: 0.02 },
        llm: { select: 'norms', learningRate: 1.25e-4 },
      },
      until: { epochs: 4 },
      warmupFraction: 0.25,
    });
    const shared = resolvePlan({ preset: 'llama-adapter-v2', steps: 10, shares: { pretrain: 0.3 } });
    expect(shared.segments.map(({ until }) => until.steps)).toEqual([3, 7]);
    expect(issuesOf({ preset: 'llama-adapter-v2', shares: { pretrain: 0.3 } })).toMatchObject([
      { path: 'plan.shares' },
    ]);
  });
});

describe('presets that let more and more learn', () => {
  const learning = (plan: ReturnType<typeof resolvePlan>) =>
    plan.segments.map(({ name, learn }) => [
      name,
      Object.fromEntries(
        Object.entries(learn).map(([part, { select, learningRate }]) => [part, [select, learningRate]]),
      ),
    ]);

  it('lp-ft probes by the ST alone, then trains everything at a smaller rate', () => {
    const plan = resolvePlan({ preset: 'lp-ft', steps: 101, learningRate: 0.01 });
    expect(learning(plan)).toEqual([
      ['probe', { st: ['full', 0.01] }],
      ['fine-tune', { encoder: ['full', 0.001], st: ['full', 0.001], llm: ['full', 0.001] }],
    ]);
    expect(plan.segments.map(({ until }) => until.steps)).toEqual([51, 50]);
    expect(
      resolvePlan({ preset: 'lp-ft', steps: 100, shares: { probe: 0.1 } }).segments[0]!.until.steps,
    ).toBe(10);
    const norms = resolvePlan({ preset: 'lp-ft', steps: 10, select: { llm: 'norms', encoder: 'frozen' } });
    expect(Object.keys(norms.segments[1]!.learn)).toEqual(['st', 'llm']);
    expect(norms.segments[1]!.learn.llm!.select).toBe('norms');
  });

  it('gradual-unfreeze lets the blocks of the LLM follow the ST from the last ones on', () => {
    const plan = resolvePlan({ preset: 'gradual-unfreeze', steps: 40, learningRate: 0.01 });
    expect(learning(plan)).toEqual([
      ['st', { st: ['full', 0.01] }],
      ['last-blocks', { st: ['full', 0.01], llm: [{ lastBlocks: '25%' }, 0.001] }],
      ['more-blocks', { st: ['full', 0.01], llm: [{ lastBlocks: '50%' }, 0.001] }],
      ['all', { encoder: ['full', 0.001], st: ['full', 0.01], llm: ['full', 0.001] }],
    ]);
    expect(plan.segments.map(({ until }) => until.steps)).toEqual([10, 10, 10, 10]);
    const frozen = resolvePlan({ preset: 'gradual-unfreeze', steps: 40, select: { llm: 'frozen' } });
    expect(names(frozen)).toEqual(['st', 'all']);
    expect(Object.keys(frozen.segments[1]!.learn)).toEqual(['encoder', 'st']);
  });

  it('takes another selection for a stage as a whole', () => {
    const segments = { 'last-blocks': { learn: { llm: { select: { names: 'head.*' } } } } };
    const plan = resolvePlan({ preset: 'gradual-unfreeze', steps: 40, segments });
    expect(plan.segments[1]!.learn.llm!.select).toEqual({ names: 'head.*' });
  });
});

describe('resolvePlan', () => {
  it('lays changes over segments by name', () => {
    const plan = resolvePlan({
      preset: 'eim',
      steps: 100,
      segments: {
        contrast: false,
        language: { gate: null, until: { epochs: 2 } },
        joint: { learn: { llm: { learningRate: 5e-5 } }, warmupSteps: 3 },
      },
    });
    expect(names(plan)).toEqual(['language', 'align', 'warm-up', 'joint']);
    const [language, , , joint] = plan.segments;
    expect(language).not.toHaveProperty('gate');
    expect(language!.until).toEqual({ epochs: 2 });
    expect(joint!.learn.llm).toMatchObject({ select: 'full', learningRate: 5e-5 });
    expect(joint).toMatchObject({ warmupSteps: 3, schedule: 'cosine' });
    expect(joint!.warmupFraction).toBeUndefined();
  });

  it.each([
    [{ preset: 'eim', segments: {} }, ['plan.steps']],
    [{ preset: 'plain' }, ['plan.steps']],
    [{ preset: 'clipcap', steps: 1, epochs: 1 }, ['plan.steps']],
    [
      {
        preset: 'eim',
        steps: 99,
        segments: { contrast: false, language: false, align: false, 'warm-up': false, joint: false },
      },
      ['plan.segments'],
    ],
    [{ preset: 'eim', steps: 4 }, ['plan.steps']],
    [{ preset: 'nope', stepz: 3 }, ['plan.preset', 'plan']],
    [
      { preset: 'eim', steps: 99, segments: { jiont: {}, x: false } },
      ['plan.segments.jiont', 'plan.segments.x'],
    ],
    [
      {
        preset: 'eim',
        steps: 99,
        segments: { joint: { batchsize: 2, learn: { st: { learningRate: -1 } } } },
      },
      ['plan.segments.joint', 'plan.segments.joint.learn.st.learningRate'],
    ],
    [{ preset: 'plain', steps: 9, labelSmoothing: 0.1, shares: {} }, ['plan.labelSmoothing', 'plan.shares']],
    [{ preset: 'eim-llm', steps: 99, shares: { align: 0.1 } }, ['plan.shares.align']],
    [{ preset: 'plain', steps: 9, warmupSteps: 1 }, ['plan.warmupSteps']],
    [{ preset: 'lp-ft', epochs: 9 }, ['plan.epochs']],
    [{ preset: 'lp-ft' }, ['plan.steps']],
    [{ preset: 'lp-ft', steps: 1 }, ['plan.steps']],
    [{ preset: 'lp-ft', steps: 99, shares: { st: 0.1 } }, ['plan.shares.st']],
    [{ preset: 'lp-ft', steps: 99, select: { st: 'frozen' } }, ['plan.select.st']],
    [{ preset: 'gradual-unfreeze', steps: 3 }, ['plan.steps']],
    [{ preset: 'gradual-unfreeze', steps: 99, select: { llm: 'norms' } }, ['plan.select.llm']],
    ['eim', ['plan']],
  ])('names the path of each mistake in %j', (input, paths) => {
    expect(
      issuesOf(input)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...paths].sort());
  });
});
