import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@eim/contracts/model';
import { stopTokensOf } from '@eim/core';
import { createPluginLoader, loadModel } from '@eim/core/node';
import { startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import { createGgufTokenizer, createTokenizer, trainByteBpe } from '@eim/tokenizers';
import { openPublishedWeights, openWeights } from '@eim/weights/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { PYTHON, runReference } from './python.js';
import { scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const scratch = scratchFolder();
const TEXTS = ['a red square', ' two  spaces\nand 1234 digits', 'Ünïcödé – 漢字 🙂', "it's"];
const SIZES = 'hiddenSize: 64, blockCount: 2, headCount: 2, feedForwardSize: 96, contextLength: 64';

beforeAll(() => startEngine({ engine: 'wasm' }));

/** Byte pairs that leave capitals as they are, which llama.cpp reads too. */
const PAIRS = join(scratch, 'pairs.json');
const PIECES = join(scratch, 'vocabulary', 'tokenizer.json');

beforeAll(() => {
  const texts = ['a red square', 'a blue disc above a green square'];
  writeFileSync(PAIRS, JSON.stringify(trainByteBpe(texts, { vocabularySize: 300, lowercase: false })));
  mkdirSync(join(scratch, 'vocabulary'));
  writeFileSync(PIECES, JSON.stringify(pieces()));
});

/** SentencePiece's kind of vocabulary, in the form that `toJSON` of such a tokenizer gives. */
function pieces(): object {
  const sign = '\u2581';
  const texts = [`${sign}r`, 'ed', `${sign}red`, sign, ...'abcdefghijklmnopqrstuvwxyz0123456789'];
  const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
  return {
    type: 'SentencePieceBPE',
    ...{ space: sign, dummyPrefix: true, removeExtraSpaces: false, byteFallback: true },
    ...{ begin: 1, end: 2, unknown: 0 },
    pieces: [
      ...[
        ['<unk>', 0, 'unknown'],
        ['<s>', 0, 'control'],
        ['</s>', 0, 'control'],
      ],
      ...bytes.map((byte) => [`<0x${byte}>`, 0, 'byte']),
      ...texts.map((text, index) => [text, -index, 'normal']),
    ],
  };
}

async function train(
  name: string,
  options: string,
  { llm = 'llama', tokenizer = `{ use: file, path: '${PAIRS}' }` } = {},
): Promise<string> {
  const path = join(scratch, `${name}.yaml`);
  writeFileSync(
    path,
    `model:
  tokenizer: ${tokenizer}
  encoder: { use: '@eim/encoder-mobilenet', preset: tiny }
  st: { use: '@eim/st-adapters/linear', preset: pooled }
  llm: { use: '@eim/llm-${llm}', options: ${options} }
data: { use: scenes, seed: 3, train: 8, val: 4, test: 4 }
plan:
  segments:
    - { name: joint, learn: { llm: { select: full, learningRate: 0.01 } }, objective: caption, data: train, until: { steps: 1 }, batchSize: 4 }
training: { seed: 5, maxTextLength: 24 }
`,
  );
  const run = join(scratch, name);
  const { code, err } = await runInProcess(['train', path, '--out', run], scratch);
  expect(code, err).toBe(0);
  return run;
}

async function load(path: string): Promise<LanguageModel> {
  const weights = await openPublishedWeights(path);
  try {
    return await llama.languageModels.llama.load(weights, {});
  } finally {
    await weights.close();
  }
}

const values = async (llm: LanguageModel) =>
  new Map(
    await Promise.all(
      llm.parameters().map(async ({ name, variable }) => [name, await variable.data()] as const),
    ),
  );

const exportTo = (path: string, out: string, ...more: string[]) =>
  runInProcess(['export', path, '--target', 'gguf', '--out', out, ...more], scratch);

describe('a LLaMA of a run is read back from its GGUF with equal weights, options and ids', () => {
  test.each([
    ['plain', `{ ${SIZES}, keyValueHeadCount: 1, tiedHead: true }`],
    ['pieces', `{ ${SIZES} }`],
    ['biases', `{ ${SIZES}, queryKeyValueBias: true, attentionOutputBias: true, feedForwardBias: true }`],
    ['linear', `{ ${SIZES}, ropeBase: 500, ropeScaling: { type: linear, factor: 3 } }`],
    ['yarn', `{ ${SIZES}, ropeScaling: { type: yarn, factor: 4, originalContextLength: 16 } }`],
  ])('%s', async (name, options) => {
    const tokenizerOf = name === 'pieces' ? { tokenizer: `{ use: file, path: '${PIECES}' }` } : {};
    const run = await train(name, options, tokenizerOf);
    const out = join(scratch, `${name}.gguf`);
    const { code, err } = await exportTo(run, out);
    expect(code, err).toBe(0);
    const saved = await loadModel(join(run, 'model'), {
      loadPlugin: createPluginLoader({
        configFolder: scratch,
        workingDirectory: scratch,
        builtIns: BUILT_IN_PACKAGES,
      }),
      createTokenizer,
    });
    const again = await load(out);
    expect(await values(again)).toEqual(await values(saved.model.llm));
    expect(stopTokensOf(again)).toEqual(stopTokensOf(saved.model.llm));
    expect(again.specialTokens).toEqual(saved.model.llm.specialTokens);
    const file = await openWeights(out);
    const tokenizer = createGgufTokenizer(file.metadata, out);
    await file.close();
    for (const text of TEXTS) expect(tokenizer.encode(text)).toEqual(saved.tokenizer!.encode(text));
    const { begin } = saved.tokenizer!.specialTokens;
    expect(tokenizer.addSpecialTokens([7])).toEqual([begin, 7]);
    again.dispose();
    saved.model.dispose();
  });

  test('llama3 becomes a factor for each frequency, and goes on from there', async () => {
    const scaling =
      '{ type: llama3, factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 32 }';
    const run = await train('llama3', `{ ${SIZES}, ropeScaling: ${scaling} }`);
    const out = join(scratch, 'llama3.gguf');
    await exportTo(run, out);
    const file = await openWeights(out);
    const { data } = await file.read('rope_freqs.weight');
    expect(data).toHaveLength(16);
    expect(Array.from(data as Float32Array).slice(0, 1)).toEqual([1]);
    expect(Array.from(data as Float32Array).at(-1)).toBe(8);
    await file.close();
    const again = join(scratch, 'again.gguf');
    await exportTo(out, again);
    const [first, second] = [await load(out), await load(again)];
    expect(await values(second)).toEqual(await values(first));
    first.dispose();
    second.dispose();
  });
});

test.each(['q8_0', 'q4_0', 'f16', 'bf16'])(
  'in %s matrices are rounded as gguf-py rounds them',
  async (form) => {
    const out = join(scratch, `${form}.gguf`);
    const { code, err } = await exportTo(join(scratch, 'plain.gguf'), out, '--quantise', form);
    expect(code, err).toBe(0);
    if (PYTHON) runReference('gguf_check.py', join(scratch, 'plain.gguf'), out, form);
    const file = await openWeights(out);
    expect(file.info('blk.0.attn_norm.weight').dtype).toBe('F32');
    expect(file.info('token_embd.weight').shape).toEqual([expect.any(Number), 64]);
    await file.close();
  },
);

test('what llama.cpp does not read is refused by name', async () => {
  const gpt2 = await train('gpt2', `{ ${SIZES} }`, { llm: 'gpt2' });
  const relu = await train('relu', `{ ${SIZES}, activation: relu }`);
  const lower = await train('lower', `{ ${SIZES} }`, {
    tokenizer: '{ use: byte-bpe, vocabularySize: 300 }',
  });
  const narrow = await train('narrow', `{ ${SIZES.replace('64', '16')} }`);
  const cases: [string, string[], RegExp][] = [
    [gpt2, [], /not of LLaMA's family/],
    [relu, [], /activation is relu/],
    [lower, [], /its normalizer is Lowercase/],
    [narrow, ['--quantise', 'q8_0'], /rows of 16, which blocks of q8_0 do not fill/],
    [narrow, ['--quantise', 'q3_k'], /--quantise is "q3_k".*f32, f16, bf16, q8_0/],
  ];
  for (const [run, more, message] of cases) {
    const { code, err } = await exportTo(run, join(scratch, 'none.gguf'), ...more);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  }
});

test('the chat template that lies beside a tokenizer comes along', async () => {
  writeFileSync(join(scratch, 'vocabulary', 'chat_template.jinja'), 'Say {{ messages[0].content }}');
  const out = join(scratch, 'chat.gguf');
  const { code, err } = await exportTo(join(scratch, 'pieces.gguf'), out, '--tokenizer', PIECES);
  expect(code, err).toBe(0);
  const file = await openWeights(out);
  expect(file.metadata['tokenizer.chat_template']).toBe('Say {{ messages[0].content }}');
  await file.close();
});
