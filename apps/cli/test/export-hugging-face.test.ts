import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@eim/contracts/model';
import { stopTokensOf } from '@eim/core';
import { createPluginLoader, loadModel } from '@eim/core/node';
import { startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import llama from '@eim/llm-llama';
import { createTokenizer } from '@eim/tokenizers';
import { openTokenizer } from '@eim/tokenizers/node';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { PYTHON, runReference } from './python.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const scratch = scratchFolder();
const PICTURE = join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png');
const TEXTS = ['a red square', ' two  spaces\nand 1234 digits', 'Ünïcödé – 漢字 🙂', "it's"];
const INPUTS = [[5, 9, 17, 3], [40]];

beforeAll(() => startEngine({ engine: 'wasm' }));

async function run(...words: string[]): Promise<string> {
  const { code, out, err } = await runInProcess(words, scratch, { environment: { EIM_CACHE: scratch } });
  expect(code, err).toBe(0);
  return out;
}

async function logitsOf(llm: LanguageModel, ids: readonly number[]): Promise<number[][]> {
  const logits = tf.tidy(() => {
    const { logits } = llm.forward(llm.embed(tf.tensor2d([...ids], [1, ids.length], 'int32')));
    return tf.reshape(logits, [ids.length, llm.vocabularySize]); // [T, V]
  });
  const values = (await logits.array()) as number[][];
  logits.dispose();
  return values;
}

async function loadPublished(folder: string, kind: 'gpt2' | 'llama'): Promise<LanguageModel> {
  const weights = await openPublishedWeights(folder);
  try {
    const { load } = kind === 'gpt2' ? gpt2.languageModels.gpt2 : llama.languageModels.llama;
    return await load(weights, {});
  } finally {
    await weights.close();
  }
}

/** Folders, each with a file of what is expected of it: starting Python takes longer than all tests. */
const forPython: string[] = [];

/** What the folder's own files say, to us and to transformers, is what the model computes. */
async function check(
  folder: string,
  kind: 'gpt2' | 'llama',
  llm: LanguageModel,
  encode: (text: string) => number[],
) {
  const again = await loadPublished(folder, kind);
  const tokenizer = await openTokenizer(folder);
  const logits = [];
  for (const ids of INPUTS) {
    const values = await logitsOf(llm, ids);
    logits.push(values);
    expect(await logitsOf(again, ids)).toEqual(values);
  }
  expect(stopTokensOf(again)).toEqual(stopTokensOf(llm));
  again.dispose();
  const texts = TEXTS.map((text) => ({ text, ids: encode(text) }));
  for (const { text, ids } of texts) expect(tokenizer.encode(text)).toEqual(ids);
  const [stop, ...more] = stopTokensOf(llm);
  const decoded = INPUTS.map((ids) => tokenizer.decode(ids));
  const file = join(scratch, `expected-${forPython.length}.json`);
  const stops = more.length === 0 ? stop : [stop, ...more];
  writeFileSync(file, JSON.stringify({ texts, inputs: INPUTS, logits, decoded, stops }));
  forPython.push(folder, file);
}

const config = (name: string, llm: string) => {
  const path = join(scratch, `${name}.yaml`);
  writeFileSync(
    path,
    `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder: { use: '@eim/encoder-mobilenet', preset: tiny }
  st: { use: '@eim/st-adapters/linear', preset: pooled }
  llm: ${llm}
data: { use: scenes, seed: 3, train: 8, val: 4, test: 4 }
plan:
  segments:
    - { name: joint, learn: { st: { select: full, learningRate: 0.01 }, llm: { select: full, learningRate: 0.01 } }, objective: caption, data: train, until: { steps: 2 }, batchSize: 4 }
training: { seed: 5, maxTextLength: 24 }
evaluation: { maxNewTokens: 4 }
`,
  );
  return path;
};

describe('a run is read by transformers, and its whole by eim', () => {
  const sizes = 'hiddenSize: 16, blockCount: 2, headCount: 2, feedForwardSize: 24, contextLength: 64';
  test.each<[name: string, kind: 'gpt2' | 'llama', options: string]>([
    ['gpt2', 'gpt2', `{ ${sizes} }`],
    ['gpt2 of other options', 'gpt2', `{ ${sizes}, activation: relu, normEpsilon: 1e-3, tiedHead: false }`],
    ['llama', 'llama', `{ ${sizes}, keyValueHeadCount: 1, tiedHead: true }`],
    [
      'llama of other options',
      'llama',
      `{ ${sizes}, headSize: 6, activation: exact-gelu, queryKeyValueBias: true, attentionOutputBias: true, feedForwardBias: true, ropeBase: 500, normEpsilon: 1e-3 }`,
    ],
    ['llama, linear', 'llama', `{ ${sizes}, ropeScaling: { type: linear, factor: 3 } }`],
    [
      'llama, yarn',
      'llama',
      `{ ${sizes}, ropeScaling: { type: yarn, factor: 4, originalContextLength: 16, wholePairs: false } }`,
    ],
    [
      'llama, llama3',
      'llama',
      `{ ${sizes}, ropeScaling: { type: llama3, factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 8 } }`,
    ],
    [
      'llama, dynamic',
      'llama',
      `{ ${sizes}, ropeScaling: { type: dynamic, factor: 4, originalContextLength: 16 } }`,
    ],
  ])('%s', async (title, kind, options) => {
    const name = title.replace(/\W+/g, '-');
    const trained = join(scratch, name);
    const out = join(scratch, `${name} exported`);
    await run('train', config(name, `{ use: '@eim/llm-${kind}', options: ${options} }`), '--out', trained);
    const caption = JSON.parse(await run('caption', trained, PICTURE, '--json'));
    await run('export', trained, '--target', 'huggingface', '--out', out, '--licence', 'mit');
    const saved = await loadModel(join(trained, 'model'), {
      loadPlugin: createPluginLoader({
        configFolder: scratch,
        workingDirectory: scratch,
        builtIns: BUILT_IN_PACKAGES,
      }),
      createTokenizer,
    });
    await check(out, kind, saved.model.llm, (text) => saved.tokenizer!.encode(text));
    saved.model.dispose();
    // Both folders are moved together.
    const moved = join(scratch, `${name} moved`);
    renameSync(out, moved);
    forPython.splice(-2, 1, moved);
    expect(JSON.parse(await run('caption', join(moved, 'eim'), PICTURE, '--json'))).toEqual(caption);
    expect(readdirSync(join(moved, 'eim', 'model')).sort()).toEqual([
      'model.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
  });
});

test('the card says what the run says, and nothing of this machine', async () => {
  const trained = join(scratch, 'gpt2');
  await run('eval', trained);
  const out = join(scratch, 'with scores');
  await run('export', trained, '--target', 'huggingface', '--out', out, '--licence', 'mit');
  const card = readFileSync(join(out, 'README.md'), 'utf8');
  expect(card).toMatch(/^---\nlicense: mit\nlibrary_name: transformers\n/);
  expect(card).toMatch(/## Data[\s\S]*use: .*scenes/);
  expect(card).toMatch(/\| test \| 4 \| [0-9a-f]{16} \|/);
  expect(card).toMatch(/## Scores[\s\S]*\| test \| CIDEr \|/);
  expect(card).toMatch(/## Plan[\s\S]*name: joint[\s\S]*2 optimizer steps/);
  expect(card).toMatch(/\| llm \| [\d,]+ \|/);
  expect(card).not.toContain(scratch);
  expect(existsSync(join(out, 'eim/env.json'))).toBe(true);
  expect(readFileSync(join(out, 'eim/env.json'), 'utf8')).not.toContain('host');
});

describe('published weights of any layout become a folder of transformers', () => {
  const LLAMA = join(REPOSITORY, 'packages/llm-llama/src/__fixtures__');
  const tokenizer = join(scratch, 'pieces.json');
  beforeAll(() => writeFileSync(tokenizer, JSON.stringify(pieces())));

  test.each([
    ['hugging-face', 'hugging-face'],
    ['Meta, two shards', 'meta'],
  ])('%s, with pieces of SentencePiece', async (_, name) => {
    const path = join(LLAMA, name);
    const out = join(scratch, `${name}-published`);
    await run('export', path, '--target', 'huggingface', '--out', out, '--tokenizer', tokenizer);
    const weights = await openPublishedWeights(path);
    const own = createTokenizer(JSON.parse(readFileSync(tokenizer, 'utf8')));
    const llm = await llama.languageModels.llama.load(weights, { tokenizer: own });
    await weights.close();
    await check(out, 'llama', llm, (text) => own.encode(text));
    llm.dispose();
  });

  test('a GGUF with a factor for each frequency is refused', async () => {
    const words = ['export', join(LLAMA, 'llama.gguf'), '--target', 'huggingface', '--tokenizer', tokenizer];
    const { code, err } = await runInProcess([...words, '--out', join(scratch, 'none')], scratch);
    expect([code, err]).toEqual([2, expect.stringMatching(/ropeScaling lists a factor for each frequency/)]);
    expect(existsSync(join(scratch, 'none'))).toBe(false);
  });
});

/** A vocabulary of 64 pieces, in the form that `toJSON` of such a tokenizer gives. */
function pieces(): object {
  const sign = '\u2581';
  const normal = [
    ...[
      `${sign}r`,
      'ed',
      `${sign}red`,
      'qu',
      'ar',
      'are',
      `${sign}s`,
      `${sign}squ`,
      `${sign}square`,
      `${sign}a`,
      `${sign}${sign}`,
      'it',
    ],
    ...[sign, ..."abcdefghijklmnopqrstuvwxyz0123456789'\n."].slice(0, 49),
  ];
  const special = [
    ['<unk>', 0, 'unknown'],
    ['<s>', 0, 'control'],
    ['</s>', 0, 'control'],
  ];
  return {
    type: 'SentencePieceBPE',
    ...{ space: sign, dummyPrefix: true, removeExtraSpaces: false, byteFallback: false },
    ...{ begin: 1, end: 2, unknown: 0 },
    pieces: [...special, ...normal.map((text, index) => [text, -index, 'normal'])],
  };
}

test.skipIf(!PYTHON)(
  'transformers computes the same logits and ids, of every folder',
  () => {
    expect(forPython).toHaveLength(2 * 10);
    const lines = runReference('hugging_face_check.py', ...forPython)
      .trim()
      .split('\n');
    const found = lines.map((line) => JSON.parse(line));
    expect(found.map((one) => one.class)).toEqual([
      ...['GPT2LMHeadModel', 'GPT2LMHeadModel'],
      ...Array.from({ length: 8 }, () => 'LlamaForCausalLM'),
    ]);
  },
  300_000,
);

test('what cannot be written is refused by name', async () => {
  const cases: [string[], RegExp][] = [
    [[join(scratch, 'gpt2'), '--out', join(scratch, 'with scores')], /is not empty/],
    [[join(REPOSITORY, 'packages/llm-llama/src/__fixtures__/llama.gguf')], /--out is needed/],
    [[join(scratch, 'nowhere'), '--out', join(scratch, 'x')], /nowhere does not exist/],
  ];
  for (const [words, message] of cases) {
    const { code, err } = await runInProcess(['export', ...words, '--target', 'huggingface'], scratch);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  }
});
