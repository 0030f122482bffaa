import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sts from '@eim/st-adapters';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../run-eim.js';
import { runInProcess } from '../run-in-process.js';
import { encodeBmp } from '../solid-picture.js';

const folder = scratchFolder();

const COLOURS = { red: [220, 30, 30], green: [30, 200, 40], blue: [30, 40, 220] } as const;
const NAMES = Object.keys(COLOURS) as (keyof typeof COLOURS)[];

/** Questions about pictures, and others that show none. */
const questions = (split: string): object[] => [
  ...NAMES.map((answer) => ({
    id: `${split}-${answer}`,
    image: `${answer}.bmp`,
    question: 'colour?',
    choices: NAMES,
    answer,
    split,
  })),
  ...NAMES.map((question) => ({ id: `${split}-say-${question}`, question, answer: 'yes', split })),
];

beforeAll(() => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const rows = ['train', 'val', 'test'].flatMap(questions);
  writeFileSync(join(folder, 'data/rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  for (const name of NAMES) writeFileSync(join(folder, 'data', `${name}.bmp`), encodeBmp(32, COLOURS[name]));
});

const ENCODERS = {
  clip: {
    encoder: `{ use: '@eim/encoder-clip/vit', options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 4, headCount: 2, feedForwardSize: 32, pooledSize: 16 } }`,
    st: `{ use: '@eim/st-adapters/lavin', preset: 7b, options: { projectionSize: 12 } }`,
  },
  mobilenet: {
    encoder: `{ use: '@eim/encoder-mobilenet', preset: tiny }`,
    st: `{ use: '@eim/st-adapters/lavin', preset: mean, options: { projectionSize: 12 } }`,
  },
  efficientnet: {
    encoder: `{ use: '@eim/encoder-efficientnet', preset: tiny }`,
    st: `{ use: '@eim/st-adapters/lavin', preset: mean, options: { projectionSize: 12 } }`,
  },
} as const;

function configOf({ encoder, st }: (typeof ENCODERS)[keyof typeof ENCODERS], steps: number): string {
  return `model:
  tokenizer: { use: byte-bpe, vocabularySize: 270 }
  encoder: ${encoder}
  st: ${st}
  llm:
    use: '@eim/llm-llama'
    options: { hiddenSize: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, contextLength: 96 }
data: { use: questions, path: data/rows.jsonl, validationShare: 0 }
plan: { preset: lavin, steps: ${steps}, batchSize: 6, learningRate: 0.02, warmupSteps: 1 }
training: { seed: 5, maxTextLength: 48, textLengths: [24, 48] }
evaluation: { maxNewTokens: 6 }
`;
}

async function train(name: keyof typeof ENCODERS, steps: number) {
  const config = join(folder, `${name}-${steps}.yaml`);
  writeFileSync(config, configOf(ENCODERS[name], steps));
  const out = join(folder, 'runs', `${name}-${steps}`);
  const result = await runInProcess(['train', config, '--out', out], folder);
  expect(result.code, result.err).toBe(0);
  return out;
}

const partsOf = async (run: string) => {
  const { tensors } = await readSafetensorsFile(join(run, 'model/model.safetensors'));
  return new Map([...tensors].map(([name, { data }]) => [name, data]));
};

describe('training LaVIN’s ST by its preset, rows of text among those with pictures', () => {
  test.each(Object.keys(ENCODERS) as (keyof typeof ENCODERS)[])('behind %s', async (name) => {
    const [short, long] = [await train(name, 1), await train(name, 6)];
    const [before, after] = [await partsOf(short), await partsOf(long)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...before].filter(
      ([tensor, values]) =>
        !Buffer.from((values as Float32Array).buffer).equals(
          Buffer.from((after.get(tensor) as Float32Array).buffer),
        ),
    );
    // frozen parts are the same to the bit, and all of the ST has learnt but what no gradient reaches
    expect(changed.every(([tensor]) => tensor.startsWith('st.'))).toBe(true);
    const st = [...before.keys()].filter((tensor) => tensor.startsWith('st.'));
    expect(changed.map(([tensor]) => tensor)).toEqual(st);
    const evaluated = await runInProcess(['eval', long, '--json'], folder);
    expect(evaluated.code, evaluated.err).toBe(0);
    const scores = JSON.parse(evaluated.out);
    expect(scores).toMatchObject({ split: 'test', images: 2 * NAMES.length });
    expect(scores.loss).toBeGreaterThan(0);
  });

  test('the ST of a run is written as LaVIN’s program reads it', async () => {
    const run = join(folder, 'runs', 'clip-6');
    const out = join(folder, 'checkpoint.pth');
    const written = await runInProcess(['export', run, '--target', 'lavin', '--out', out, '--json'], folder);
    expect(written.code, written.err).toBe(0);
    const { tensors } = JSON.parse(written.out);
    const weights = await openPublishedWeights(out);
    const { lavin } = sts.semanticTransforms;
    expect(lavin.recognise(weights)).toBe(true);
    expect(weights.tensorNames).toEqual(Object.keys(tensors));
    expect(lavin.describe(weights)).toMatchObject({ adapterSize: 8, groups: 2, projectionSize: 12 });
    expect(weights.info('layers.1.adapter_attn.conv_D.weight').shape).toEqual([16, 4, 1]);
    const saved = await partsOf(run);
    const router = await weights.read(
      'backbone.visual.transformer.resblocks.3.adapter_attn.expert_weights.bias',
    );
    expect(router.data).toEqual(saved.get('st.encoder.blocks.3.router.bias'));
    await weights.close();

    const elsewhere = await runInProcess(['export', run, '--target', 'other'], folder);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.err).toMatch(/can be written for 'other'\. Take one of lavin/);
    const lacking = await runInProcess(
      ['export', join(folder, 'runs', 'mobilenet-6'), '--target', 'lavin'],
      folder,
    );
    expect(lacking.code).toBe(2);
    expect(lacking.err).toMatch(/visualTokens is "mean" and encoderAdapters is false/);
  });

  test('what an encoder has no place for is refused by name', async () => {
    const { encoder } = ENCODERS.mobilenet;
    const refused = async (options: string) => {
      writeFileSync(
        join(folder, 'refused.yaml'),
        configOf(
          { encoder, st: `{ use: '@eim/st-adapters/lavin', preset: 7b, options: ${options} }` } as never,
          1,
        ),
      );
      return runInProcess(['params', join(folder, 'refused.yaml')], folder);
    };
    const tokens = await refused('{}');
    expect(tokens.code).toBe(2);
    expect(tokens.err).toMatch(/visualTokens: class-tokens\), but the encoder says that it has none/);
    const adapters = await refused('{ visualTokens: mean }');
    expect(adapters.code).toBe(2);
    expect(adapters.err).toMatch(/the encoder has no such insertion points/);
  });
});
