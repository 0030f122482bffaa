import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPublishedWeights, openSafetensorsFile } from '@eim/weights/node';
import { expect, test } from 'vitest';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const folder = scratchFolder();

const run = async (...words: readonly string[]): Promise<string> => {
  const { code, out, err } = await runInProcess(words, folder);
  expect(code, err).toBe(0);
  return out;
};

test.each([
  ['llama-adapter-7b', { finetune: 1_229_760 }],
  ['llama-adapter-7b-scienceqa', { finetune: 1_790_976 }],
  ['llama-adapter-v2-7b', { pretrain: 61_731_584, finetune: 1_363_968 }],
] as const)('%s trains the published numbers of parameters', async (name, expected) => {
  const { parts } = JSON.parse(await run('params', join(REPOSITORY, 'configs', `${name}.yaml`), '--json'));
  const trained = Object.keys(expected).map((segment) => [
    segment,
    ['encoder', 'st', 'llm'].reduce((sum, part) => sum + parts[part].trainable[segment], 0),
  ]);
  expect(Object.fromEntries(trained)).toEqual(expected);
  expect(parts.llm.inference).toBe(6_738_415_616);
});

const config = (st: string, plan: string): string => {
  const path = join(folder, 'adapter.yaml');
  writeFileSync(
    path,
    `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, pooledSize: 12, projectedTokens: true }
  st: ${st}
  llm:
    use: '@eim/llm-llama'
    options: { hiddenSize: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, contextLength: 96 }
data: { use: scenes, seed: 3, train: 12, val: 4, test: 4 }
plan: ${plan}
training: { seed: 5, maxTextLength: 60 }
evaluation: { maxNewTokens: 6 }
`,
  );
  return path;
};

/** Bytes of every tensor that a run's model holds, by name. */
async function modelAfter(st: string, plan: string, name: string): Promise<Map<string, string>> {
  const out = join(folder, name);
  await run('train', config(st, plan), '--out', out);
  const file = await openSafetensorsFile(join(out, 'model/model.safetensors'));
  try {
    const values = new Map<string, string>();
    for (const tensor of file.tensorNames) {
      const { data } = await file.read(tensor);
      values.set(tensor, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'));
    }
    return values;
  } finally {
    await file.close();
  }
}

const V1 =
  "{ use: '@eim/st-adapters/llama-adapter', options: { promptLength: 2, layerCount: 1, visual: { blocks: [1, 2], hiddenSize: 4 } } }";
const V2 =
  "{ use: '@eim/st-adapters/llama-adapter-v2', options: { promptLength: 2, layerCount: 1, visualSize: 8, visualBlockCount: 1, visualHeadCount: 2 } }";
const v2Plan = (kept: string, left: string, steps: number) =>
  `{ preset: llama-adapter-v2, steps: 10, batchSize: 4, learningRate: 0.01, segments: { ${left}: false, ${kept}: { until: { steps: ${steps} } } } }`;

test.each([
  [
    'llama-adapter',
    V1,
    (steps: number) => `{ preset: llama-adapter, steps: ${steps}, batchSize: 4, learningRate: 0.01 }`,
    /^st\./,
    [],
  ],
  // the gate of the block without prompts is read by nothing
  [
    'pretrain of llama-adapter-v2',
    V2,
    (steps: number) => v2Plan('pretrain', 'finetune', steps),
    /^st\.(visual|blocks)\./,
    ['st.blocks.0.gate'],
  ],
  [
    'finetune of llama-adapter-v2',
    V2,
    (steps: number) => v2Plan('finetune', 'pretrain', steps),
    /^st\.linears\..*\.bias$|^llm\..*[nN]orm\.gain$/,
    [],
  ],
] as const)('%s moves what it trains, and nothing else by a bit', async (name, st, plan, trained, unread) => {
  const [few, more] = [
    await modelAfter(st, plan(2), `${name} 2`),
    await modelAfter(st, plan(3), `${name} 3`),
  ];
  expect([...few.keys()]).toEqual([...more.keys()]);
  const moved = [...few.keys()].filter((tensor) => few.get(tensor) !== more.get(tensor));
  const learning = [...few.keys()].filter((tensor) => trained.test(tensor));
  expect(moved).toEqual(learning.filter((tensor) => !(unread as readonly string[]).includes(tensor)));
  expect(learning.length).toBeGreaterThan(0);
  expect(learning.length).toBeLessThan(few.size);
});

test('an encoder without class tokens gives means of its stages, and is refused where class tokens are asked for', async () => {
  const st = (read: string) =>
    `{ use: '@eim/st-adapters/llama-adapter', options: { promptLength: 2, layerCount: 1, visual: { blocks: [2, 5], read: ${read}, hiddenSize: 4 } } }`;
  const plan = '{ preset: llama-adapter, steps: 2, batchSize: 4, learningRate: 0.01 }';
  const mobile = ["model.encoder={use: '@eim/encoder-mobilenet', preset: tiny}"];
  const out = join(folder, 'means');
  await run('train', config(st('mean'), plan), ...mobile, '--out', out);
  const { code, err } = await runInProcess(
    ['train', config(st('class-token'), plan), ...mobile, '--out', join(folder, 'refused')],
    folder,
  );
  expect(code).toBe(2);
  expect(err).toMatch(/reads class tokens \(visual\.read\), but the encoder says that it has none/);
});

test('a run of V2 is written with the norms that learnt, and one of V1 without a picture as its flat file', async () => {
  const out = join(folder, 'finetune of llama-adapter-v2 3');
  const { tensors } = JSON.parse(await run('export', out, '--target', 'llama-adapter', '--json'));
  const saved = await openSafetensorsFile(join(out, 'model/model.safetensors'));
  const weights = await openPublishedWeights(join(out, 'llama-adapter.pth'));
  const valuesOf = async (file: Pick<typeof saved, 'read'>, name: string) => [
    ...(await file.read(name)).data,
  ];
  expect(weights.config).toMatchObject({ config: { w_bias: true, w_lora: false, lora_rank: 16 } });
  const norm = 'llama.layers.1.ffn_norm.weight';
  expect(await valuesOf(weights, norm)).toEqual(await valuesOf(saved, 'llm.blocks.1.feedForwardNorm.gain'));
  expect(Object.keys(tensors)).toContain('llama.norm.weight');
  const alone = await run(
    'export',
    out,
    '--target',
    'llama-adapter',
    '--st-alone',
    '--out',
    'alone.pth',
    '--json',
  );
  expect(Object.keys(JSON.parse(alone).tensors)).not.toContain('llama.norm.weight');
  await Promise.all([saved.close(), weights.close()]);

  const pictures = await runInProcess(
    ['export', join(folder, 'llama-adapter 3'), '--target', 'llama-adapter'],
    folder,
  );
  expect(pictures.code).toBe(2);
  expect(pictures.err).toMatch(/cannot take this ST: visual is .* where it has none/);
  const text = "{ use: '@eim/st-adapters/llama-adapter', options: { promptLength: 2, layerCount: 1 } }";
  const plan = '{ preset: llama-adapter, steps: 2, batchSize: 4, learningRate: 0.01 }';
  await run('train', config(text, plan), '--out', join(folder, 'text'));
  const flat = JSON.parse(await run('export', join(folder, 'text'), '--target', 'llama-adapter', '--json'));
  expect(flat.tensors).toEqual({
    'layers.0.attention.gate': [1, 2, 1, 1],
    'adapter_query.weight': [2, 16],
    'layers.1.attention.gate': [1, 2, 1, 1],
  });
});
