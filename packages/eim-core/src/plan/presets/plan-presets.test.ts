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
      ['words', 'words', 'word-probe'],
      ['slots', 'slot-words', 'loss'],
      ['bridge', 'caption', undefined],
    ]);
    expect(plan.segments.map(({ learn }) => Object.keys(learn))).toEqual([
      ['encoder'],
      ['st'],
      ['st', 'llm'],
    ]);
  });

  it('ablates one part at a time', () => {
    const encoder = resolvePlan({ preset: 'eim-encoder', steps: 100 });
    expect(names(encoder)).toEqual(['words', 'joint']);
    const { encoder: taught, llm } = encoder.segments[1]!.learn;
    expect(taught!.learningRate).toBeLessThan(llm!.learningRate);
    const [plain] = resolvePlan({ preset: 'plain', steps: 100 }).segments;
    const st = resolvePlan({ preset: 'eim-st', steps: 100 });
    expect(names(st)).toEqual(['slots', 'joint']);
    expect(st.segments.at(-1)!.learn).toEqual(plain!.learn);
    const language = resolvePlan({ preset: 'eim-llm', steps: 100 });
    expect(names(language)).toEqual(['joint', 'bridge']);
    expect(language.segments[0]!.learn).toEqual(plain!.learn);
  });

  it('encodes several views of augmented pictures once, where the encoder is frozen', () => {
    const views = (input: object) =>
      resolvePlan({ preset: 'eim', steps: 100, ...input }).segments.map(({ data }) => data.cachedViews);
    expect(views({ augment: ['zoom'] })).toEqual([undefined, 4, 4]);
    expect(views({})).toEqual([undefined, undefined, undefined]);
  });

  it('gives every preset the same smoothing and average of weights, which are no measures', () => {
    for (const preset of ['plain', 'eim', 'eim-encoder', 'eim-llm', 'lp-ft', 'gradual-unfreeze']) {
      const plan = resolvePlan({ preset, steps: 100, labelSmoothing: 0.1, ema: 0.9 });
      const byCaptions = plan.segments.filter(({ objective }) => objective.use === 'caption');
      for (const { objective } of byCaptions) expect(objective.options).toEqual({ labelSmoothing: 0.1 });
      expect(plan.segments.map(({ ema }) => ema?.decay)).toEqual([
        ...plan.segments.slice(1).map(() => undefined),
        0.9,
      ]);
    }
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
    expect(names(plan)).toEqual(['slots', 'bridge']);
    expect(plan.segments.at(-1)!.learn.encoder).toBeUndefined();
    const behind = resolvePlan({ preset: 'eim-llm', steps: 100, select: { encoder: 'frozen' } });
    expect(names(behind)).toEqual(['bridge']);
    const alone = resolvePlan({ preset: 'eim', steps: 100, select: { st: 'frozen', llm: 'frozen' } });
    expect(names(alone)).toEqual(['words', 'joint']);
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

describe('the published recipe of LaVIN', () => {
  it('has 32 rows a step and the rate that follows from them', () => {
    const [joint] = resolvePlan({ preset: 'lavin' }).segments;
    expect(joint).toMatchObject({
      learn: { st: { select: 'full', learningRate: 1.125e-3, weightDecay: 0.02, decayed: 'matrices' } },
      objective: { use: 'caption' },
      until: { epochs: 20 },
      batchSize: 4,
      accumulate: 8,
      warmupFraction: 0.1,
      schedule: 'cosine',
      onNumericFailure: 'leave-out',
      optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
    });
    expect(Object.keys(joint!.learn)).toEqual(['st']);
    expect(joint).not.toHaveProperty('clipNorm');
  });

  it('keeps rate and rows together', () => {
    const recipe = (options: object) => {
      const [{ learn, batchSize, accumulate }] = resolvePlan({ preset: 'lavin', ...options }).segments as [
        ReturnType<typeof resolvePlan>['segments'][0],
      ];
      return [batchSize, accumulate, learn.st!.learningRate];
    };
    expect(recipe({ batchSize: 32 })).toEqual([32, 1, 1.125e-3]);
    expect(recipe({ batchSize: 64 })).toEqual([64, 1, 2.25e-3]);
    expect(recipe({ batchSize: 1 })).toEqual([1, 32, 1.125e-3]);
    expect(recipe({ learningRate: 1e-4 })).toEqual([4, 8, 1e-4]);
    expect(issuesOf({ preset: 'lavin', labelSmoothing: 0.1 })[0]!.message).toContain('does not read it');
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
        words: false,
        slots: { gate: null, until: { epochs: 2 } },
        bridge: { learn: { llm: { learningRate: 5e-5 } }, warmupSteps: 3 },
      },
    });
    expect(names(plan)).toEqual(['slots', 'bridge']);
    const [slots, bridge] = plan.segments;
    expect(slots).not.toHaveProperty('gate');
    expect(slots!.until).toEqual({ epochs: 2 });
    expect(bridge!.learn.llm).toMatchObject({ select: 'full', learningRate: 5e-5 });
    expect(bridge).toMatchObject({ warmupSteps: 3, schedule: 'cosine' });
    expect(bridge!.warmupFraction).toBeUndefined();
  });

  it.each([
    [{ preset: 'eim', segments: {} }, ['plan.steps']],
    [{ preset: 'plain' }, ['plan.steps']],
    [{ preset: 'clipcap', steps: 1, epochs: 1 }, ['plan.steps']],
    [
      { preset: 'eim', steps: 99, segments: { words: false, slots: false, bridge: false } },
      ['plan.segments'],
    ],
    [{ preset: 'eim', steps: 2 }, ['plan.steps']],
    [{ preset: 'nope', stepz: 3 }, ['plan.preset', 'plan']],
    [
      { preset: 'eim', steps: 99, segments: { jiont: {}, x: false } },
      ['plan.segments.jiont', 'plan.segments.x'],
    ],
    [
      {
        preset: 'eim',
        steps: 99,
        segments: { bridge: { batchsize: 2, learn: { st: { learningRate: -1 } } } },
      },
      ['plan.segments.bridge', 'plan.segments.bridge.learn.st.learningRate'],
    ],
    [{ preset: 'clipcap', labelSmoothing: 0.1, shares: {} }, ['plan.labelSmoothing', 'plan.shares']],
    [{ preset: 'eim-llm', steps: 99, shares: { words: 0.1 } }, ['plan.shares.words']],
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
