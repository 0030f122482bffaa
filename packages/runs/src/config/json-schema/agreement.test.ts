import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EimError } from '@eim/contracts';
import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import schema from '../../../config.schema.json' with { type: 'json' };
import { ConfigSource } from '../config-source.js';
import { checkConfig } from '../read-config.js';

const CONFIGS = fileURLToPath(new URL('../../../../../configs/', import.meta.url));
const validate = new Ajv.Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

type Value = Record<string, unknown>;

/** What reading a config finds wrong, one message each. */
function mistakesOf(config: unknown): string[] {
  try {
    checkConfig(ConfigSource.parse('config.yaml', stringify(config)));
    return [];
  } catch (error) {
    if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
    return (error.data.issues as { path: string; message: string }[]).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
}

const readConfigs = () =>
  readdirSync(CONFIGS)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, parse(readFileSync(`${CONFIGS}${name}`, 'utf8')) as Value] as const);

test.each(readConfigs())('configs/%s is valid, and so is what it says for editors', (name, config) => {
  expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  expect(readFileSync(`${CONFIGS}${name}`, 'utf8')).toContain(
    '\n# yaml-language-server: $schema=../packages/runs/config.schema.json\n',
  );
});

const PART = { use: '@acme/part' };
const MODEL = { tokenizer: { use: 'byte-bpe' }, encoder: PART, st: PART, llm: PART };
const SEGMENT = {
  name: 'joint',
  learn: { st: { select: 'full', learningRate: 1e-3 } },
  objective: 'caption',
  data: 'train',
  until: { steps: 5 },
};
const BEST = { metric: 'loss', direction: 'min', every: 5 };
const SEGMENTS: Value = { model: MODEL, data: { use: 'scenes', seed: 1 }, plan: { segments: [SEGMENT] } };
const PRESET: Value = { ...SEGMENTS, plan: { preset: 'eim', steps: 100 } };
const MIXTURE: Value = { ...PRESET, data: { use: 'mixture', of: [{ use: 'scenes', weight: 2 }] } };

/** A config with another value at a path; undefined takes the field away. */
function changed(config: Value, path: string, value: unknown): Value {
  const copy = structuredClone(config);
  const steps = path.split('.');
  let at = copy;
  for (const step of steps.slice(0, -1)) {
    const next = at[step];
    // A path through what an earlier change took away changes nothing.
    if (typeof next !== 'object' || next === null) return copy;
    at = next as Value;
  }
  if (value === undefined) delete at[steps.at(-1)!];
  else at[steps.at(-1)!] = structuredClone(value);
  return copy;
}

test.each([
  ['an unknown section', changed(PRESET, 'trainings', {})],
  ['an unknown field', changed(PRESET, 'training', { sed: 1 })],
  ['no data', changed(PRESET, 'data', undefined)],
  ['text for a number', changed(PRESET, 'training', { seed: '1' })],
  ['a tokenizer of the LLM without weights', changed(PRESET, 'model.tokenizer', { use: 'llm' })],
  ['an unknown engine', changed(PRESET, 'engine', 'cuda')],
  ['an unknown preset', changed(PRESET, 'plan.preset', 'easy')],
  ['an option that the preset does not read', changed(PRESET, 'plan.epochs', 2)],
  ['a preset without its length', changed(PRESET, 'plan.steps', undefined)],
  ['both lengths', changed(SEGMENTS, 'plan.segments.0.until.epochs', 1)],
  ['no length', changed(SEGMENTS, 'plan.segments.0.until', {})],
  ['no rate', changed(SEGMENTS, 'plan.segments.0.learn.st', { select: 'full' })],
  ['an unknown selection', changed(SEGMENTS, 'plan.segments.0.learn.st.select', 'some')],
  ['no block', changed(SEGMENTS, 'plan.segments.0.learn.st.select', { lastBlocks: 0 })],
  [
    'two warm-ups',
    changed(changed(SEGMENTS, 'plan.segments.0.warmupSteps', 1), 'plan.segments.0.warmupFraction', 0.1),
  ],
  [
    'two ways of keeping the best weights',
    changed(changed(SEGMENTS, 'plan.segments.0.keepBest', BEST), 'plan.segments.0.until.earlyStopping', {
      ...BEST,
      patience: 2,
    }),
  ],
  ['no batch in a step', changed(SEGMENTS, 'plan.segments.0.accumulate', 0)],
  ['an objective without a name', changed(SEGMENTS, 'plan.segments.0.objective', { options: {} })],
  ['a mixture of nothing', changed(MIXTURE, 'data.of', [])],
  ['a weight of 0', changed(MIXTURE, 'data.of.0.weight', 0)],
  ['no segments', changed(SEGMENTS, 'plan', {})],
])('%s is wrong to an editor and to eim', (_, config) => {
  expect(validate(config)).toBe(false);
  expect(mistakesOf(config)).not.toEqual([]);
});

const PATHS = [
  ...['name', 'engine', 'plan', 'data', 'model', 'training', 'evaluation', 'loggers', 'unknown'],
  ...[
    'model.tokenizer',
    'model.tokenizer.use',
    'model.llm',
    'model.llm.use',
    'model.st.preset',
    'model.llm.weights',
  ],
  ...[
    'model.encoder.options',
    'model.tokenizer.vocabularySize',
    'model.tokenizer.path',
    'data.use',
    'data.order',
  ],
  ...['data.of', 'data.of.0', 'data.of.0.weight', 'data.seed', 'data.options', 'data.preset'],
  ...[
    'plan.preset',
    'plan.steps',
    'plan.epochs',
    'plan.batchSize',
    'plan.learningRate',
    'plan.labelSmoothing',
  ],
  ...[
    'plan.select',
    'plan.augment',
    'plan.shares',
    'plan.segments',
    'plan.segments.0',
    'plan.segments.0.name',
  ],
  ...[
    'learn',
    'learn.st',
    'learn.st.select',
    'learn.st.learningRate',
    'learn.st.layerDecay',
    'learn.llm',
    'objective',
  ]
    .concat(
      'objective.use',
      'data',
      'data.augment',
      'until',
      'until.steps',
      'until.epochs',
      'until.earlyStopping',
    )
    .concat(
      'gate',
      'batchSize',
      'warmupSteps',
      'warmupFraction',
      'schedule',
      'clipNorm',
      'optimizer',
      'ema',
      'extra',
    )
    .map((field) => `plan.segments.0.${field}`),
];
const VALUES: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    -1,
    0,
    0.5,
    1,
    2.5,
    300,
    '',
    'x',
    'a b',
    'llm',
    'file',
    'mixture',
    'wasm',
    'scenes',
  ],
  ...['full', 'frozen', 'caption', 'plain', 'clipcap', 'eim-st', 'eim-encoder', 'linear', 'mixed'],
  ...[
    [],
    [1],
    ['zoom'],
    ['x'],
    {},
    { lastBlocks: 2 },
    { lastBlocks: 2, more: 1 },
    { use: 'x' },
    { use: 'llm' },
  ],
  ...[
    { steps: 3 },
    { epochs: 3 },
    { steps: 3, epochs: 1 },
    { seed: 2 },
    { beams: 0 },
    { joint: false },
    { joint: 1 },
  ],
  ...[
    { select: 'frozen' },
    { select: 'full' },
    { select: 'full', learningRate: 1 },
    { llm: 'frozen' },
    { st: 'x' },
  ],
  ...[{ st: { select: 'adapters', learningRate: 1 } }, { split: 'val' }, { split: 'val', augment: ['zoom'] }],
  ...[
    { decay: 0.5 },
    { decay: 1 },
    { beta1: 0.5 },
    { metric: 'loss', direction: 'min' },
    [{ use: 'a', weight: 1 }],
  ],
  ...[{ metric: 'loss', direction: 'min', every: 2, patience: 1 }, { use: 'file', path: 'a' }, [SEGMENT]],
  ...[[SEGMENT, SEGMENT], { preset: 'plain', epochs: 1 }, { segments: [SEGMENT] }, { contrast: 0.2 }],
];

/** What no JSON Schema can say: names that repeat, what a preset makes of its options and of changes to its segments. */
const BEYOND =
  /is already the name of segment|leave none|has no such segment|the preset has no segment|^plan\.segments\.[a-z]/;

test('an editor and eim agree on configs with any few changes', () => {
  const change = fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...VALUES));
  const changes = fc.array(change, { minLength: 0, maxLength: 3 });
  let valid = 0;
  fc.assert(
    fc.property(fc.constantFrom(SEGMENTS, PRESET, MIXTURE), changes, (base, list) => {
      const config = list.reduce((so, [path, value]) => changed(so, path, value), base);
      const accepted = validate(config);
      const mistakes = mistakesOf(config);
      if (mistakes.length === 0) valid++;
      const told = mistakes.filter((mistake) => !BEYOND.test(mistake));
      const wrong = accepted ? told.length > 0 : mistakes.length === 0;
      expect(wrong, `${JSON.stringify(validate.errors)} ${mistakes.join('\n')}`).toBe(false);
    }),
    { numRuns: 800 },
  );
  expect(valid).toBeGreaterThan(100);
});
