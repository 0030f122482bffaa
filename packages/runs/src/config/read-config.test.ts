import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ConfigSource } from './config-source.js';
import { parseOverride } from './override.js';
import { checkConfig } from './read-config.js';

const VALID = `# npx eim train demo.yaml
model:
  tokenizer: {use: byte-bpe, vocabularySize: 400}
  encoder: {use: '@eim/encoder-clip', preset: tiny}
  st: {use: '@eim/st-adapters'}
  llm: {use: '@eim/llm-gpt2', options: {hiddenSize: 32}}
data:
  use: captions
  path: \${EIM_DATA:-../data}/mine
plan: {preset: eim, steps: 100}
training: {seed: 3, batchSize: 8}
`;

const OPTIONS = { environment: {}, workingFolder: '/here' };
const read = (text: string, overrides: readonly string[] = [], environment = {}) =>
  checkConfig(ConfigSource.parse('/configs/demo.yaml', text, overrides.map(parseOverride)), {
    ...OPTIONS,
    environment,
  });

function mistakes(text: string, overrides: readonly string[] = []): string {
  try {
    read(text, overrides);
  } catch (error) {
    if (EimError.isInstance(error) && error.code === 'invalid-config') return error.message;
    throw error;
  }
  return 'none';
}

test('a config gets its defaults and its plan', () => {
  const { config } = read(VALID);
  expect(config.name).toBe('demo');
  expect(config.plan.segments.map(({ name }) => name)).toEqual(['words', 'slots', 'bridge']);
  expect(config.plan.segments.every(({ batchSize }) => batchSize === 8)).toBe(true);
  expect(config.evaluation.split).toBe('test');
});

test('environment variables and overrides decide paths', () => {
  const text = VALID.replace(
    '{use: byte-bpe, vocabularySize: 400}',
    `{use: file, path: '\${EIM_DATA:-../data}/words.json'}`,
  );
  const tokenizer = (overrides?: readonly string[], environment?: object) =>
    read(text, overrides, environment).config.model.tokenizer;
  expect(tokenizer()).toMatchObject({ path: '/data/words.json' });
  expect(tokenizer([], { EIM_DATA: '/shared' })).toMatchObject({ path: '/shared/words.json' });
  const override = 'model.tokenizer.path=mine.json';
  expect(tokenizer([override])).toMatchObject({ path: '/here/mine.json' });
  expect(() => read(text.replace(':-../data', ''))).toThrow(/EIM_DATA, which is not set/);
});

test('a resolved config reads back as itself', () => {
  const { config } = read(VALID);
  expect(read(stringify(config)).config).toEqual(config);
});

test('all mistakes are told at once, with line, column and a suggestion', () => {
  const text = VALID.replace('vocabularySize: 400', 'vocabularysize: 400')
    .replace('seed: 3', 'seed: three')
    .replace('steps: 100', 'stepz: 100')
    .replace('data:', 'dat:');
  const message = mistakes(text);
  expect(message).toContain(
    '/configs/demo.yaml:3:30: model.tokenizer.vocabularysize: is not a known key; did you mean "vocabularySize"?',
  );
  expect(message).toContain('/configs/demo.yaml:7:1: dat: is not a known key; did you mean "data"?');
  expect(message).toContain('/configs/demo.yaml:11:18: training.seed: expected number, received string');
  expect(message).toContain(
    '/configs/demo.yaml:10:21: plan.stepz: is not a known key; did you mean "steps"?',
  );
  expect(message).toMatch(/data: expected object|data: .*"use"/);
});

test('overrides are checked too, and named', () => {
  expect(mistakes(VALID, ['training.seeed=4'])).toContain(
    'override training.seeed=4: training.seeed: is not a known key; did you mean "seed"?',
  );
  expect(mistakes(VALID, ['training.seed=x'])).toContain('override training.seed=x: training.seed:');
});

test('a mistake in a segment shows its own line', () => {
  const text = VALID.replace(
    'plan: {preset: eim, steps: 100}',
    `plan:
  segments:
    - name: joint
      learn: {st: {select: full, learningRate: 1e-3}}
      objective: caption
      data: train
      untill: {steps: 3}`,
  );
  expect(mistakes(text)).toContain(
    '/configs/demo.yaml:16:7: plan.segments.0.untill: is not a known key; did you mean "until"?',
  );
});

test('what is no YAML, or no map, is refused', () => {
  expect(mistakes('a: [1')).toContain('/configs/demo.yaml:1:');
  expect(mistakes('just text')).toContain('holds no config');
  expect(mistakes('a: 1\na: 2')).toContain('/configs/demo.yaml:2:1');
});

test('no text makes it throw anything but a config error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(mistakes(text)).not.toBe('none');
    }),
  );
});

test('an override is key=value', () => {
  expect(parseOverride('plan.segments.0.until.steps=10')).toMatchObject({
    path: ['plan', 'segments', 0, 'until', 'steps'],
    value: 10,
  });
  for (const text of ['seed', '=3', 'a..b=1', 'a=[1']) expect(() => parseOverride(text)).toThrow(EimError);
});
