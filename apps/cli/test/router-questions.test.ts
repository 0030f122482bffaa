import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ADDRESSES, installPackage } from './install-package.js';
import { eim, scratchFolder } from './run-eim.js';
import { encodeBmp } from './solid-picture.js';

const folder = scratchFolder();

const COLOURS = { red: [220, 30, 30], green: [30, 200, 40], blue: [30, 40, 220] } as const;
type Colour = keyof typeof COLOURS;
const NAMES = Object.keys(COLOURS) as Colour[];

/** Questions about a picture with choices, and questions of text alone without. */
function questions(split: string): object[] {
  const shown = NAMES.map((colour) => ({
    id: `${split}-${colour}`,
    image: `${colour}.bmp`,
    question: 'colour?',
    choices: NAMES,
    answer: colour,
    split,
  }));
  const said = NAMES.map((colour) => ({
    id: `${split}-say-${colour}`,
    question: colour,
    answer: 'yes',
    split,
  }));
  return [...shown, ...said];
}

/** All that LaVIN's ST does, on the tiny parts; a package that the command has never heard of. */
const config = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 270 }
  encoder: { use: '@acme/tiny/rows' }
  st: { use: '@acme/tiny/routers' }
  llm: { use: '@acme/tiny/one-block', options: { contextLength: 48 } }
data: { use: questions, path: data/rows.jsonl, validationShare: 0 }
plan:
  segments:
    - name: tune
      learn:
        st: { select: full, learningRate: 0.02 }
        llm: { select: full, learningRate: 0.02 }
      objective: caption
      data: train
      until: { steps: 150 }
      batchSize: 6
training: { seed: 5, checkpointEvery: 10, maxTextLength: 40, textLengths: [16, 24, 32] }
evaluation: { maxNewTokens: 6 }
`;
const path = join(folder, 'routers.yaml');

beforeAll(() => {
  installPackage(
    folder,
    '@acme/tiny',
    `const { tinyPlugin } = await import(${ADDRESSES.coreTesting});
    export default { ...tinyPlugin, name: '@acme/tiny' };`,
  );
  const images = join(folder, 'data/images');
  mkdirSync(images, { recursive: true });
  for (const name of NAMES) writeFileSync(join(images, `${name}.bmp`), encodeBmp(4, COLOURS[name]));
  const rows = [...questions('train'), ...questions('test')];
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(folder, 'data/rows.jsonl'), lines);
  writeFileSync(path, config);
});

const weights = (run: string) => readFileSync(join(run, 'model/model.safetensors'));

test('an ST with routers and a modality slot trains on questions from a config, is scored, and resumes', async () => {
  const run = join(folder, 'run');
  expect(await eim(['train', path, '--out', run])).toMatchObject({ code: 0, out: `${run}\n` });
  const losses = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
  expect(losses).toHaveLength(150);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);

  const evaluated = await eim(['eval', run, '--json']);
  expect(evaluated.code, evaluated.err).toBe(0);
  const scores = JSON.parse(evaluated.out);
  expect(scores).toMatchObject({ split: 'test', images: 6, exactMatch: 1 });
  // Better than a third by chance: the pictures are seen.
  expect(scores.accuracy).toBe(1);
  expect(scores.loss).toBeLessThan(0.5);
  expect(scores.perplexity).toBeCloseTo(Math.exp(scores.loss), 6);
  expect(scores).not.toHaveProperty('CIDEr');

  const killed = join(folder, 'killed');
  const saved = () => readdirSync(killed).includes('checkpoints') && readdirSync(join(killed, 'checkpoints'));
  let stopped = false;
  const ended = await eim(['train', path, '--out', killed], {
    environment: { EIM_PROGRESS_SECONDS: '0.05' },
    onStderr: (child, text) => {
      if (stopped || !text.includes('step ') || !saved()) return;
      stopped = child.kill('SIGINT');
    },
  });
  expect(ended.code).toBe(130);
  expect(await eim(['train', '--resume', killed])).toMatchObject({ code: 0 });
  expect(weights(killed).equals(weights(run))).toBe(true);
}, 120_000);
