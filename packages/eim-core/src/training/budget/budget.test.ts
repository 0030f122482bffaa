import { currentEngine, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { parsePlan } from '../../plan/parse-plan.js';
import { loadFromList } from '../../plugins/resolve-plugin.js';
import { tinyPlugin } from '../../testing/tiny-parts/index.js';
import { trainPlan } from '../run/train-plan.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { describePlanCost } from './describe-plan-cost.js';
import { equaliseBudget } from './equalise-budget.js';
import { planCost } from './plan-cost.js';
import { planMultiplyAdds } from './plan-multiply-adds.js';
import { longestSplitShape } from './split-shape.js';

const learn = { select: 'full', learningRate: 0.01 } as const;
const eim = [
  tinySegment({ name: 'contrast', learn: { encoder: learn }, objective: 'contrastive', until: { steps: 3 } }),
  tinySegment({ name: 'align', learn: { st: learn }, objective: 'embedding-alignment', until: { steps: 4 } }),
  tinySegment({ name: 'warm-up', learn: { st: learn }, until: { steps: 2 } }),
  tinySegment({ until: { steps: 9 } }),
];
// 70 pictures: more than two chunks of the encoder.
const dataset = tinyDataset({ train: 70, val: 4 });

/** With an answer of three or four words longer than 8 tokens. */
const PROMPT = 'a red square a green square a';

describe('describePlanCost', () => {
  const model = { encoder: { use: 'tiny' }, st: { use: 'tiny/linear' }, llm: { use: 'tiny' } };
  const sizes = { pictures: 70, textLength: 5 };
  const loadPlugin = loadFromList({ tiny: tinyPlugin });

  it('needs no engine, and gives whole numbers by part and segment', async () => {
    expect(currentEngine()).toBeUndefined();
    const { parameters, inference, cost } = await describePlanCost(model, {
      ...{ loadPlugin, sizes, plan: parsePlan({ segments: eim }) },
    });
    expect(currentEngine()).toBeUndefined();
    expect(parameters[0]).toEqual({ name: 'encoder.embed.weight', shape: [12, 6], role: 'embedding' });
    expect(cost.ledger.total).toBe(900);
    // By hand: 4 tokens of 12 values into 6, 6 into 6; the mean of them into 5.
    const encoder = 4 * 12 * 6 + 4 * 6 * 6 + 6 * 5;
    const st = 5 * 16;
    expect(inference.multiplyAddsBy).toMatchObject({ encoder, st });
    const [contrast, align, warmUp, joint] = cost.segments.map(({ byLength }) => byLength[0]!);
    expect(cost.segments.map(({ encoding }) => encoding)).toEqual([0, 70 * encoder, 0, 0]);
    // No gradient goes into the pixels.
    expect(contrast!.perStepBy.encoder).toBe(6 * (3 * encoder - 4 * 12 * 6));
    expect(joint!.perStepBy.encoder).toBe(contrast!.perStepBy.encoder);
    // The ST's input is constant while the encoder is frozen.
    expect([align!, warmUp!, joint!].map(({ perStepBy }) => perStepBy.st)).toEqual([
      12 * st,
      12 * st,
      18 * st,
    ]);
    expect(align!.perStepBy.llm).toBe(0);
    for (const { perStep, byLength, total, steps, encoding } of cost.segments) {
      const { perStepBy } = byLength[0]!;
      expect(byLength).toEqual([{ textLength: 5, steps, perStep, perStepBy }]);
      expect(Object.values(perStepBy).reduce((sum, count) => sum + count)).toBe(perStep);
      expect(total).toBe(steps * perStep + encoding);
    }
  });

  it('counts the memory of parameters and moments by their sizes', async () => {
    const plan = parsePlan({ segments: [tinySegment({ ema: { decay: 0.9 } })] });
    const { cost } = await describePlanCost(model, { loadPlugin, sizes, plan });
    const { memory: bytes } = cost.segments[0]!;
    expect(bytes).toMatchObject({ parameters: 4 * 900, moments: 8 * 900, average: 4 * 900 });
    expect(bytes.working).toBeGreaterThan(4 * 900);
    expect(bytes.peak).toBe(16 * 900 + bytes.working);
  });

  it('charges adapters to the ST, wherever they act', async () => {
    const plan = parsePlan({ segments: [tinySegment({ learn: { st: learn } })] });
    const routers = { ...model, st: { use: 'tiny/routers' } };
    const costOf = async (parts: typeof model) => {
      const { cost } = await describePlanCost(parts, { loadPlugin, sizes, plan });
      return cost.segments[0]!.byLength[0]!.perStepBy;
    };
    const [linear, routed] = [await costOf(model), await costOf(routers)];
    expect(routed.st).toBeGreaterThan(0);
    // Nothing precedes the first adapter that learns; beyond it the encoder is differentiated by its input.
    expect(linear.encoder).toBe(0);
    expect(routed.encoder).toBeGreaterThan(0);
  });

  it('takes the size of the vocabulary in place of a tokenizer', async () => {
    const vocabulary = { vocabularySize: 1000, specialTokens: { end: 0, pad: 1 } };
    const { parameters } = await describePlanCost(model, { loadPlugin, sizes, vocabulary });
    expect(
      parameters.find(({ role, name }) => name.startsWith('llm') && role === 'embedding')!.shape[0],
    ).toBe(1000);
  });
});

describe.each(['cpu', 'wasm'] as const)('planMultiplyAdds on %s', (engine) => {
  beforeEach(async () => void (await startEngine({ engine })));

  it('foretells exactly what a real run spends, and leaves weights and memory alone', async () => {
    const run = tinyRun(eim, { dataset });
    const before = run.weights();
    const tensors = memory().numTensors;
    const cost = await planMultiplyAdds(run.options);
    expect(memory().numTensors).toBe(tensors);
    expect(run.weights()).toEqual(before);
    const real = await trainPlan(run.options);
    expect(cost.segments.map(({ steps, perStep }) => steps * perStep)).toEqual(
      real.segments.map(({ multiplyAdds }) => multiplyAdds.training),
    );
    expect(cost.segments.map(({ encoding }) => encoding)).toEqual(
      real.segments.map(({ multiplyAdds }) => multiplyAdds.encoding),
    );
    expect(cost.segments.map(({ encoding }) => encoding > 0)).toEqual([false, true, false, false]);
    run.dispose();
  });

  it('is the same for the model that runs and for one of shapes', async () => {
    const run = tinyRun(eim, { dataset });
    const sizes = { pictures: 70, textLength: 6 };
    const split = () => longestSplitShape(sizes, run.model.llm.specialTokens.begin !== undefined);
    const { plan, model } = run.options;
    const { vocabularySize, specialTokens } = run.options.tokenizer;
    const described = await describePlanCost(
      { encoder: { use: 'tiny' }, st: { use: 'tiny/linear' }, llm: { use: 'tiny' } },
      {
        loadPlugin: loadFromList({ tiny: tinyPlugin }),
        plan,
        sizes,
        vocabulary: { vocabularySize, specialTokens },
      },
    );
    expect(await planCost({ model, plan, split })).toEqual(described.cost);
    run.dispose();
  });

  it('foretells the lengths of batches of rows with prompts, segment after segment', async () => {
    const plain = tinyDataset({ train: 20 });
    const rows = plain.split('train').map((row, index) => ({ ...row, prompt: index < 5 ? PROMPT : 'red' }));
    const prompted = { ...plain, split: () => rows };
    const two = [tinySegment({ until: { steps: 5 } }), tinySegment({ name: 'again', until: { steps: 8 } })];
    const run = tinyRun(two, { dataset: prompted, textLengths: [8, 14] });
    const { segments } = await planMultiplyAdds(run.options);
    for (const { byLength, steps, perStep, total } of segments) {
      expect(byLength.map(({ textLength }) => textLength)).toEqual([8, 14]);
      expect(byLength.every((one) => one.steps > 0)).toBe(true);
      expect(byLength.reduce((sum, one) => sum + one.steps, 0)).toBe(steps);
      expect(byLength[0]!.perStep).toBeLessThan(byLength[1]!.perStep);
      expect(perStep).toBe(Math.round(total / steps));
    }
    const real = await trainPlan(run.options);
    expect(segments.map(({ total }) => total)).toEqual(
      real.segments.map(({ multiplyAdds }) => multiplyAdds.training),
    );
    run.dispose();
  });

  it('says which split is not there', async () => {
    const run = tinyRun([tinySegment({ data: 'trian' })], { dataset });
    await expect(planMultiplyAdds(run.options)).rejects.toThrow(/split 'trian', of which/);
    run.dispose();
  });
});

describe('equaliseBudget', () => {
  it('gives plain the steps that EIM spends elsewhere, within 2 %', async () => {
    const run = tinyRun(eim, { dataset });
    const { plan: _, ...options } = run.options;
    const wide = eim.map((segment) => ({ ...segment, until: { steps: segment.until.steps! * 20 } }));
    const budgets = await equaliseBudget(
      parsePlan({ segments: [tinySegment()] }),
      parsePlan({ segments: wide }),
      options,
    );
    expect(Math.abs(budgets.ratio - 1)).toBeLessThan(0.02);
    expect(budgets.plain.segments[0]!.until.steps).toBeGreaterThan(180);
    run.dispose();
  });
});
