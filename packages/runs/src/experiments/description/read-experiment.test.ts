import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterAll, expect, test } from 'vitest';
import { experimentFolder } from '../testing/written-experiment.js';
import { armConfig } from './arm-config.js';

const { folder, write } = await experimentFolder(afterAll);

/** The message of an experiment file that is refused. */
async function refusal(text: string): Promise<string> {
  const error = await write(text).catch((cause: unknown) => cause);
  expect(EimError.isInstance(error) && error.code).toBe('invalid-config');
  return (error as Error).message;
}

const HEAD = 'base: base.yaml\nseeds: [1]\n';

test('defaults, paths, budgets and references', async () => {
  const experiment = await write(`base: base.yaml
records: ../docs
seeds: [1, 2]
budget: { equalTo: plain }
arms:
  plain:
  more: { plan: { steps: 200 } }
  own: { budget: own, reference: more }
  large: { budget: { examplesOf: more, times: 2 } }
`);
  expect(experiment).toMatchObject({
    name: 'tiny',
    records: join(folder, '../docs/tiny'),
    reference: 'plain',
    score: { split: 'test', metrics: ['CIDEr', 'Bleu_4', 'ROUGE_L'], references: 'all', apart: {} },
  });
  const budgets = experiment.arms.map(({ name, budget, reference }) => [name, budget, reference]);
  expect(budgets).toEqual([
    ['plain', undefined, 'plain'],
    ['more', { equalTo: 'plain', times: 1 }, 'plain'],
    ['own', undefined, 'more'],
    ['large', { examplesOf: 'more', times: 2 }, 'plain'],
  ]);
});

test('a unit is its base with the changes of its arm, its seed, and the split that is scored', async () => {
  const experiment = await write(
    `${HEAD}score: { split: val }\narms: { more: { plan: { steps: 7 }, training: { maxTextLength: 9 } } }`,
  );
  const { config } = await armConfig(experiment, { arm: experiment.arms[0]!, seed: 5 }, {});
  expect(config.name).toBe('more-5');
  expect(config.training).toMatchObject({ seed: 5, maxTextLength: 9 });
  expect(config.evaluation.split).toBe('val');
  expect(config.plan.segments.map(({ until, batchSize }) => [until.steps, batchSize])).toEqual([[7, 4]]);
});

test('a mistake in an arm is told with the arm', async () => {
  const experiment = await write(`${HEAD}arms: { more: { plan: { stepz: 7 } } }`);
  const error = await armConfig(experiment, { arm: experiment.arms[0]!, seed: 5 }, {}).catch(
    (cause: unknown) => cause,
  );
  expect((error as Error).message).toContain('override plan.stepz of arm more in tiny.yaml: plan.stepz');
  expect((error as Error).message).toContain('did you mean "steps"?');
});

test('every mistake of a file is told at once, each with its place', async () => {
  const message = await refusal(
    'base: base.yaml\nseeds: [1, 1]\nbudgets: {}\narms: { plain: { modell: {} } }\n',
  );
  expect(message).toContain('tiny.yaml:2:1: seeds: must not repeat a seed');
  expect(message).toContain('tiny.yaml:3:1: budgets: is not a known key; did you mean "budget"?');
  expect(message).toContain('arms.plain.modell: is not a known key; did you mean "model"?');
});

test('arms that do not exist, budgets in a circle and what others decide are refused', async () => {
  expect(await refusal(`${HEAD}reference: b\narms: { a: }`)).toContain('reference: there is no arm "b"');
  const circle = `${HEAD}arms: { a: { budget: { equalTo: b } }, b: { budget: { examplesOf: a } } }`;
  expect(await refusal(circle)).toContain('leads back to itself: a, b, a');
  expect(await refusal(`${HEAD}arms: { a: { budget: { equalTo: a } } }`)).toContain('leads back to itself');
  expect(await refusal(`${HEAD}budget: {}\narms: { a: }`)).toContain('exactly one of equalTo and examplesOf');
  expect(await refusal(`${HEAD}arms: { a: { training: { seed: 3 } } }`)).toContain('is set by seeds');
  expect(await refusal(`${HEAD}score: { metrics: [ROUGE_L] }\narms: { a: }`)).toContain('must be CIDEr');
});
