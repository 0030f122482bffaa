import { join } from 'node:path';
import { resolvePlan } from '@eim/core/training';
import { countConfig } from '@eim/runs';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../../src/built-ins.js';
import { REPOSITORY } from '../run-eim.js';

/** From the original constructors (`counts.json` of the numbers of the original programs). */
const COUNTS = {
  'lavin-7b': { trainable: 3_781_296, llm: 6_738_415_616 },
  'lavin-13b': { trainable: 5_390_080, llm: 13_015_864_320 },
} as const;

describe.each(Object.entries(COUNTS))('%s', (name, { trainable, llm }) => {
  const count = (...overrides: string[]) =>
    countConfig(join(REPOSITORY, 'configs', `${name}.yaml`), {
      packages: BUILT_IN_PACKAGES as never,
      overrides,
    });

  test('has the published numbers of parameters, without weights or data', async () => {
    const ledger = await count();
    expect(ledger.parts).toMatchObject({
      encoder: { inference: 303_966_208, trainable: { joint: 0 } },
      st: { inference: trainable, trainable: { joint: trainable }, trainOnly: 0 },
      llm: { inference: llm, trainable: { joint: 0 } },
    });
  });
});

test('the recipe is the preset’s', () => {
  expect(resolvePlan({ preset: 'lavin' }).segments[0]!.learn).toEqual({
    st: { select: 'full', learningRate: 1.125e-3, layerDecay: 1, weightDecay: 0.02, decayed: 'matrices' },
  });
});
