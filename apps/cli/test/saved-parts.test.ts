import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensorsFile, writeSafetensorsFile } from '@eim/weights/node';
import { beforeAll, expect, test } from 'vitest';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const FIRST = join(folder, 'first');

async function train(name: string, ...words: string[]) {
  const config = writeTinyConfig(folder, { name });
  const run = join(folder, name);
  return { run, ...(await runInProcess(['train', config, '--out', run, ...words], folder)) };
}

/** Values of a run's model by tensor, for one part. */
async function valuesOf(run: string, part: string) {
  const { tensors } = await readSafetensorsFile(join(run, 'model/model.safetensors'));
  return Object.fromEntries([...tensors].filter(([name]) => name.startsWith(`${part}.`)));
}

beforeAll(async () => {
  expect((await train('first')).code).toBe(0);
});

test.each([
  ['encoder', 'first/model'],
  ['st', 'first'],
  ['llm', 'first/model'],
])(
  '%s starts from the model of another run, and stays as it is where it does not learn',
  async (part, weights) => {
    const others = ['encoder', 'st', 'llm'].filter((other) => other !== part);
    const learning = others.map((other) => `${other}: { select: full, learningRate: 1e-3 }`).join(', ');
    const { run, code, err } = await train(
      `from-${part}`,
      `model.${part}.weights=${weights}`,
      'training.seed=9',
      ...(part === 'llm' ? ['model.tokenizer={use: llm}'] : []),
      `plan={segments: [{name: joint, learn: {${learning}}, objective: caption, data: train, until: {steps: 2}, batchSize: 4}]}`,
    );
    expect([code, err]).toEqual([0, expect.stringContaining('joint')]);
    expect(await valuesOf(run, part)).toEqual(await valuesOf(FIRST, part));
    for (const other of others) expect(await valuesOf(run, other)).not.toEqual(await valuesOf(FIRST, other));
    const counted = await runInProcess(
      ['params', join(folder, `from-${part}.yaml`), `model.${part}.weights=${weights}`, '--json'],
      folder,
    );
    expect(JSON.parse(counted.out).parts[part].inference).toBeGreaterThan(0);
  },
);

test('a chain of runs hands on what each of them learnt', async () => {
  const second = await train('second', 'model.encoder.weights=first', 'training.seed=9');
  expect(second.code).toBe(0);
  expect(await valuesOf(second.run, 'encoder')).not.toEqual(await valuesOf(FIRST, 'encoder'));
  const third = await train(
    'third',
    'model.encoder.weights=second',
    'plan={segments: [{name: st, learn: {st: {select: full, learningRate: 1e-3}}, objective: caption, data: train, until: {steps: 1}, batchSize: 4}]}',
  );
  expect(third.code).toBe(0);
  expect(await valuesOf(third.run, 'encoder')).toEqual(await valuesOf(second.run, 'encoder'));
  const captioned = await runInProcess(['eval', third.run, '--json'], folder);
  expect(JSON.parse(captioned.out)).toMatchObject({ images: 6 });
});

test('a part that began with published weights hands on these and what it learnt since', async () => {
  const clip = join(REPOSITORY, 'apps/cli/test/__fixtures__/clip-score/clip');
  const learn = (part: string, select: string) =>
    `plan={segments: [{name: one, learn: {${part}: {select: ${select}, learningRate: 1e-3}}, objective: caption, data: train, until: {steps: 2}, batchSize: 4}]}`;
  const use = 'model.encoder={use: "@eim/encoder-clip"}';
  const began = await train(
    'published',
    use,
    `model.encoder.weights=${clip}`,
    learn('encoder', 'norms-and-biases'),
  );
  expect(began.err).not.toContain('eim:');
  const went = await train('went-on', use, 'model.encoder.weights=published', learn('st', 'full'));
  expect(went.err).not.toContain('eim:');
  const kept = await valuesOf(went.run, 'encoder');
  expect(Object.keys(kept).length).toBeGreaterThan(0);
  expect(kept).toEqual(await valuesOf(began.run, 'encoder'));
  const weightsOf = (run: string) =>
    JSON.parse(readFileSync(join(run, 'model/model.json'), 'utf8')).parts.encoder.weights;
  expect(weightsOf(went.run)).toEqual(weightsOf(began.run));
  expect((await runInProcess(['eval', went.run], folder)).code).toBe(0);
});

test.each([
  [
    ['model.st.weights=first', 'model.st.use="@eim/st-adapters/clipcap-mlp"', 'model.st.preset=null'],
    'the st saved in',
  ],
  [
    ['model.llm.weights=first', 'model.tokenizer={use: byte-bpe, vocabularySize: 280}'],
    'makes another vocabulary than the LLM of',
  ],
  [
    ['model.encoder.weights=first', 'model.encoder.options.feedForwardSize=16'],
    'encoder.blocks.0.feedForward.input.weight is [16,32] and should be [16,16]',
  ],
  [['model.st.weights=unfinished'], 'holds no trained model yet'],
])('what does not fit is refused by name: %j', async (words, message) => {
  const unfinished = join(folder, 'unfinished');
  if (!existsSync(unfinished)) {
    mkdirSync(unfinished);
    for (const name of ['config.yaml', 'env.json']) copyFileSync(join(FIRST, name), join(unfinished, name));
  }
  const { code, err } = await train(`refused-${words.join('').length}`, ...words);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('weights of another model beside the description are refused', async () => {
  cpSync(FIRST, join(folder, 'mixed'), { recursive: true });
  const file = join(folder, 'mixed/model/model.safetensors');
  const { tensors, metadata } = await readSafetensorsFile(file);
  await writeSafetensorsFile(file, [...tensors.values()], { ...metadata, structure: 'other' });
  const { code, err } = await train('from-mixed', 'model.encoder.weights=mixed/model');
  expect([code, err]).toEqual([2, expect.stringContaining('belong to different models')]);
});
