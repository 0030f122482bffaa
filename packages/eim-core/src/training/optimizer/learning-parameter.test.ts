import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { createObjective } from '../run/create-objective.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { learningParameters } from './learning-parameter.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('learningParameters', () => {
  it('gives each parameter its rate by depth and its decay by role', async () => {
    const run = tinyRun([
      tinySegment({
        learn: {
          encoder: { select: 'full', learningRate: 0.1, layerDecay: 0.5, weightDecay: 0.2 },
          llm: { select: { lastBlocks: 1 }, learningRate: 0.01, weightDecay: 0.3 },
        },
        objective: { use: 'caption' },
      }),
    ]);
    const segment = run.options.plan.segments[0]!;
    const objective = await createObjective(segment, { parts: run.model, random: createRandomStream(1) });
    const learning = learningParameters(run.model, objective, segment);
    const settings = Object.fromEntries(
      learning.map(({ name, rate, weightDecay }) => [name, [rate, weightDecay]]),
    );
    expect(settings).toMatchObject({
      'encoder.embed.weight': [0.025, 0.2],
      'encoder.blocks.0.weight': [0.05, 0.2],
      'encoder.blocks.0.bias': [0.05, 0],
      'encoder.head.weight': [0.1, 0.2],
      'llm.blocks.0.query.weight': [0.01, 0.3],
      'llm.blocks.0.adapter.weight': [0.01, 0],
      'llm.norm.gain': [0.01, 0],
      'llm.head.weight': [0.01, 0.3],
    });
    expect(Object.keys(settings)).not.toContain('llm.token.weight');
    run.dispose();
  });

  it('multiplies the rates of what the part names, and refuses names that find nothing that learns', async () => {
    const learnt = async (names: string) => {
      const rates = [
        { names: 'blocks.*', times: 0.5 },
        { names: [names, 'head.*'], times: 4 },
      ];
      const llm = { select: { lastBlocks: 1 }, learningRate: 0.01, rates };
      const run = tinyRun([tinySegment({ learn: { llm } })]);
      const segment = run.options.plan.segments[0]!;
      const objective = await createObjective(segment, { parts: run.model, random: createRandomStream(1) });
      try {
        return learningParameters(run.model, objective, segment).map(({ name, rate }) => [name, rate]);
      } finally {
        run.dispose();
      }
    };
    expect(Object.fromEntries(await learnt('*.key.weight'))).toMatchObject({
      'llm.blocks.0.query.weight': 0.005,
      'llm.blocks.0.key.weight': 0.02,
      'llm.norm.gain': 0.01,
      'llm.head.weight': 0.04,
    });
    await expect(learnt('token.weight')).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining("'token.weight' in rates of the llm finds nothing."),
      advice: expect.stringContaining('blocks.*.query.weight'),
    });
  });

  it("gives the objective's own parameters the rate asked for, or else the greatest of the parts", async () => {
    const learn = { encoder: { select: 'full', learningRate: 0.1 } } as const;
    for (const [objective, rate] of [
      [{ use: 'contrastive' }, 0.1],
      [{ use: 'contrastive', learningRate: 0.7, weightDecay: 0.4 }, 0.7],
    ] as const) {
      const run = tinyRun([tinySegment({ learn, objective })]);
      const segment = run.options.plan.segments[0]!;
      const contrast = await createObjective(segment, { parts: run.model, random: createRandomStream(1) });
      const own = learningParameters(run.model, contrast, segment).filter(({ part }) => part === 'objective');
      expect(own.map((parameter) => parameter.rate)).toEqual(own.map(() => rate));
      const decay = 'weightDecay' in objective ? objective.weightDecay : 0;
      expect(own.find(({ name }) => name === 'objective.text.token')!.weightDecay).toBe(decay);
      expect(own.find(({ name }) => name === 'objective.log-scale')!.weightDecay).toBe(0);
      contrast.dispose!();
      run.dispose();
    }
  });
});
