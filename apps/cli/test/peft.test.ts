import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LanguageModel } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import llama from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePublishedGpt2 } from './published-layouts.js';
import { PYTHON, runReference } from './python.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const FIXTURES = join(REPOSITORY, 'packages/weights/src/peft/__fixtures__');
const expected: { ids: number[][]; logits: Record<string, number[][]> } = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
);
const scratch = scratchFolder();

beforeAll(() => startEngine({ engine: 'wasm' }));

const baseOf = (adapter: string) => join(FIXTURES, adapter.split('-')[0]!);

async function load(base: string, adapter?: string): Promise<LanguageModel> {
  const weights = await openPublishedWeights(base, { adapter });
  try {
    const { load } = base.endsWith('gpt2') ? gpt2.languageModels.gpt2 : llama.languageModels.llama;
    return await load(weights, {});
  } finally {
    await weights.close();
  }
}

/** Largest difference of logits, over the largest of peft's. */
async function difference(llm: LanguageModel, name: string): Promise<number> {
  const found = tf.tidy(() => llm.forward(llm.embed(tf.tensor2d(expected.ids, undefined, 'int32'))).logits);
  const values = await found.data();
  found.dispose();
  const wanted = expected.logits[name]!.flat();
  expect(values.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  return wanted.reduce((most, value, index) => Math.max(most, Math.abs(value - values[index]!)), 0) / largest;
}

describe('LoRAs that peft saved', () => {
  test.each([
    'llama-plain',
    'llama-rslora',
    'llama-patterns',
    'llama-layers',
    'llama-saved',
    'llama-embedding',
    'llama-regex',
    'tied-plain',
    'gpt2-plain',
    'gpt2-all',
    'gpt2-biases',
  ])('%s: logits are those of the adapted model, and not of the model alone', async (name) => {
    const llm = await load(baseOf(name), join(FIXTURES, name));
    expect(await difference(llm, name)).toBeLessThan(1e-4);
    llm.dispose();
    const alone = await load(baseOf(name));
    const base = name.split('-')[0]!;
    expect(await difference(alone, base)).toBeLessThan(1e-4);
    expect(await difference(alone, name)).toBeGreaterThan(1e-2);
    alone.dispose();
  });

  test.each([
    ['tied-embedding', /model\.embed_tokens\.weight learnt by itself, and the model has one table/],
    ['llama-dora', /use_dora is true; only false is supported/],
  ])('%s is refused', async (name, message) => {
    await expect(load(baseOf(name), join(FIXTURES, name))).rejects.toThrow(message);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['llama-plain', { r: 3 }, /has a rank of 4, where its description says 3/],
    ['llama-plain', { r: 0 }, /r is 0, not a positive integer/],
    ['llama-plain', { lora_alpha: null }, /lora_alpha is missing/],
    ['llama-plain', { lora_alpha: '6' }, /lora_alpha is "6", not a number/],
    [
      'llama-plain',
      { target_modules: ['q_proj'] },
      /v_proj is adapted, although target_modules leaves it out/,
    ],
    ['llama-plain', { target_modules: '(' }, /target_modules: "\(" is no regular expression/],
    [
      'llama-plain',
      { exclude_modules: ['v_proj'] },
      /v_proj is adapted, although exclude_modules leaves it out/,
    ],
    [
      'llama-plain',
      { layers_to_transform: [1] },
      /layers\.0\.\S+ is adapted, although layers_to_transform leaves it out/,
    ],
    ['llama-plain', { rank_pattern: { v_proj: 2 } }, /v_proj has a rank of 4, where its description says 2/],
    ['llama-plain', { alpha_pattern: { v_proj: 'x' } }, /alpha_pattern\.v_proj is "x"/],
    ['llama-plain', { peft_type: 'IA3' }, /peft_type is "IA3"; only LORA is supported/],
    ['llama-plain', { peft_type: undefined }, /peft_type is missing/],
    ['llama-plain', { init_lora_weights: 'pissa' }, /init_lora_weights is "pissa"/],
    ['llama-plain', { lora_bias: true }, /lora_bias is true/],
    ['llama-plain', { trainable_token_indices: [1] }, /trainable_token_indices is \[1\]/],
    ['llama-plain', { layer_replication: [[0, 1]] }, /layer_replication is \[\[0,1\]\]/],
    ['llama-plain', { use_qalora: true }, /use_qalora is true/],
    ['llama-plain', { some_new_way: { of: 1 } }, /some_new_way is \{"of":1\}/],
    [
      'llama-saved',
      { modules_to_save: ['lm_head'] },
      /model\.norm\.weight is not known, or not said by bias and modules_to_save/,
    ],
    ['gpt2-all', { bias: 'none' }, /\.bias is not known, or not said by bias/],
    ['gpt2-all', { bias: 'some' }, /bias is "some", which is none of none, all, lora_only/],
  ])('%s with %j is refused by the field', async (name, change, message) => {
    const folder = join(scratch, `${Math.random()}`);
    await cp(join(FIXTURES, name), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...config, ...change }));
    await expect(load(baseOf(name), folder)).rejects.toThrow(message);
  });

  test('an unknown field that says nothing passes; alpha, and scaling by the root, change the logits', async () => {
    const folder = join(scratch, 'changed');
    await cp(join(FIXTURES, 'llama-plain'), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify({ ...config, some_new_way: null, lora_dropout: 0.5, task_type: null }),
    );
    const same = await load(baseOf('llama-plain'), folder);
    expect(await difference(same, 'llama-plain')).toBeLessThan(1e-4);
    same.dispose();
    for (const change of [{ lora_alpha: 12 }, { use_rslora: true }, { alpha_pattern: { v_proj: 1 } }]) {
      await writeFile(file, JSON.stringify({ ...config, ...change }));
      const other = await load(baseOf('llama-plain'), folder);
      expect(await difference(other, 'llama-plain')).toBeGreaterThan(1e-2);
      other.dispose();
    }
  });

  test('of another model, without its files, or without its name, it is refused', async () => {
    const adapter = (name: string) => join(FIXTURES, name);
    await expect(load(baseOf('gpt2'), adapter('llama-plain'))).rejects.toThrow(
      /the model has no model\.layers\.0\.self_attn\.q_proj\.weight/,
    );
    await expect(load(baseOf('llama'), baseOf('llama'))).rejects.toThrow(
      /holds no adapter: adapter_model\.safetensors or adapter_model\.bin is not there/,
    );
    await expect(load(adapter('llama-plain'))).rejects.toThrow(/does not say that it is to be applied/);
    // both in one folder, which is named as both
    const both = join(scratch, 'llama');
    await mkdir(both);
    await cp(baseOf('llama'), both, { recursive: true });
    await cp(adapter('llama-plain'), both, { recursive: true });
    const llm = await load(both, both);
    expect(await difference(llm, 'llama-plain')).toBeLessThan(1e-4);
    llm.dispose();
  });
});

test('`eim generate --adapter` goes on as the adapted model does, and not as the model alone', async () => {
  const likeliest = (name: string) => {
    const rows = expected.logits[name]!; // [B * T, V] or [B, T, V], flat by rows
    const flat = rows.flat(2) as unknown as number[];
    const width = flat.length / expected.ids.flat().length;
    const last = flat.slice((expected.ids[0]!.length - 1) * width, expected.ids[0]!.length * width);
    return last.indexOf(Math.max(...last));
  };
  const firstOf = async (base: string, ...more: string[]) => {
    const words = ['generate', '--llm', baseOf(base), '--ids', expected.ids[0]!.join(','), '--ignore-eos'];
    const { code, out, err } = await runInProcess(
      [...words, '--max-new-tokens', '1', '--json', ...more],
      scratch,
    );
    expect(code, err).toBe(0);
    return JSON.parse(out).ids[0];
  };
  const names = ['llama-plain', 'llama-saved', 'gpt2-all', 'gpt2-plain'];
  const found = [];
  for (const name of names) found.push(await firstOf(name, '--adapter', join(FIXTURES, name)));
  expect(found).toEqual(names.map(likeliest));
  const alone = [await firstOf('llama-plain'), await firstOf('gpt2-all')];
  expect(alone).toEqual([likeliest('llama'), likeliest('gpt2')]);
  expect(found).not.toEqual([alone[0], alone[0], alone[1], alone[1]]);
  const { code, err } = await runInProcess(
    ['generate', '--llm', baseOf('gpt2-all'), '--ids', '1', '--adapter', join(FIXTURES, 'llama-plain')],
    scratch,
  );
  expect([code, err]).toEqual([2, expect.stringMatching(/the model has no model\.layers/)]);
});

test('a run that learnt in low rank is written for peft, and what was written leads to the same model', async () => {
  const GPT2 = join(scratch, 'published-gpt2');
  await writePublishedGpt2(GPT2);
  const config = (llm: string, steps: number, select: string, rate = 0.05) => {
    const path = join(scratch, 'peft.yaml');
    return writeFile(
      path,
      `model:
  tokenizer: { use: llm }
  encoder: { use: '@eim/encoder-mobilenet', preset: tiny }
  st: { use: '@eim/st-adapters/linear', preset: pooled }
  llm: { use: '@eim/llm-gpt2', ${llm} }
data: { use: scenes, seed: 3, train: 8, val: 4, test: 4 }
plan:
  segments:
    - { name: joint, learn: { llm: { select: ${select}, learningRate: ${rate} } }, objective: caption, data: train, until: { steps: ${steps} }, batchSize: 4 }
training: { seed: 5, maxTextLength: 24 }
evaluation: { maxNewTokens: 4 }
`,
    ).then(() => path);
  };
  const run = async (...words: string[]) => {
    const { code, out, err } = await runInProcess(words, scratch);
    expect(code, err).toBe(0);
    return out;
  };
  const learnt = join(scratch, 'learnt');
  const lora = '[{ lora: { rank: 2, alpha: 4 } }, norms]';
  await run('train', await config(`weights: ${GPT2}`, 3, lora), '--out', learnt);
  await run('export', learnt, '--target', 'peft', '--out', join(scratch, 'adapter'));
  if (PYTHON)
    runReference('peft_check.py', GPT2, join(scratch, 'adapter'), join(learnt, 'model/model.safetensors'));
  // one step at a rate of 0: the adapter is all that differs from the published weights
  const again = join(scratch, 'again');
  const onTop = await config(`weights: ${GPT2}, adapter: ${join(scratch, 'adapter')}`, 1, 'biases', 1e-30);
  await run('train', onTop, '--out', again);
  expect(JSON.parse(await readFile(join(again, 'model/model.json'), 'utf8')).parts.llm.adapter.kept).toBe(
    'copy',
  );
  const weightsOf = async (of: string) => {
    await run('export', of, '--target', 'gpt2');
    const file = await openPublishedWeights(join(of, 'gpt2.pth'));
    const tensors = new Map<string, Float32Array>();
    for (const name of file.tensorNames) tensors.set(name, (await file.read(name)).data as Float32Array);
    await file.close();
    return tensors;
  };
  const largest = (values: Float32Array) => values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const [wanted, found] = [await weightsOf(learnt), await weightsOf(again)];
  for (const [name, values] of wanted) {
    const off = largest(found.get(name)!.map((value, at) => value - values[at]!));
    expect(off, name).toBeLessThanOrEqual(1e-6 * Math.max(1e-6, largest(values)));
  }
  const bare = join(scratch, 'bare');
  await run('train', await config(`weights: ${GPT2}`, 1, 'biases', 1e-30), '--out', bare);
  const before = await weightsOf(bare);
  const name = 'transformer.h.0.attn.c_attn.weight';
  expect(largest(before.get(name)!.map((value, at) => value - wanted.get(name)![at]!))).toBeGreaterThan(1e-3);
  const whole = await runInProcess(['export', bare, '--target', 'peft'], scratch);
  expect([whole.code, whole.err]).toEqual([
    2,
    expect.stringMatching(/nothing of the LLM has learnt|no linear layer has learnt/),
  ]);
}, 240_000);
