import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@eim/contracts/model';
import { loadFromList } from '@eim/core';
import { loadModel } from '@eim/core/node';
import { describePlanCost, parsePlan } from '@eim/core/training';
import clip from '@eim/encoder-clip';
import { startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import sts from '@eim/st-adapters';
import { createTokenizer } from '@eim/tokenizers';
import { type QuantiseFormat, quantisedWeights, type WeightTensor } from '@eim/weights';
import { openPublishedWeights, openSafetensorsFile, writeSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePublishedGpt2, writePublishedLlama } from './published-layouts.js';
import { scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { TINY_SCENES } from './tiny-config.js';

const folder = scratchFolder();
const loadPlugin = loadFromList({
  '@eim/encoder-clip': clip,
  '@eim/llm-llama': llama,
  '@eim/st-adapters': sts,
});
const ENCODER = {
  use: '@eim/encoder-clip/vit',
  options: {
    imageSize: 32,
    patchSize: 16,
    width: 16,
    blockCount: 1,
    headCount: 2,
    feedForwardSize: 32,
    pooledSize: 16,
  },
};

function writeConfig(name: string, llm: string, learn = ''): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    `model:
  tokenizer: { use: llm }
  encoder: ${JSON.stringify(ENCODER)}
  st: { use: '@eim/st-adapters/linear', preset: tokens }
  llm: ${llm}
${TINY_SCENES}plan:
  segments:
    - name: align
      learn: { st: { select: full, learningRate: 1e-2 }${learn} }
      objective: { use: caption }
      data: train
      until: { steps: 4 }
      batchSize: 4
training: { seed: 5, maxTextLength: 60 }
evaluation: { maxNewTokens: 6 }
engine: wasm
`,
  );
  return path;
}

const runOf = (name: string, config: string) =>
  runInProcess(['train', config, '--out', join(folder, name)], folder);

beforeAll(async () => {
  await startEngine({ engine: 'wasm' });
  await writePublishedLlama(join(folder, 'llama'), { hiddenSize: 64, headCount: 4 });
});

/** Writes the LLaMA with the floats that its matrices stand for once they are in blocks. @returns them by name */
async function writeWidened(format: QuantiseFormat): Promise<ReadonlyMap<string, Float32Array>> {
  const [from, to] = [join(folder, 'llama'), join(folder, `${format}-widened`)];
  cpSync(from, to, { recursive: true });
  const opened = await openPublishedWeights(from);
  const { blocks } = quantisedWeights(opened, format).read;
  const tensors: WeightTensor[] = [];
  const widened = new Map<string, Float32Array>();
  for (const name of opened.tensorNames) {
    const tensor = (await opened.read(name)) as WeightTensor;
    const held = blocks!(name);
    if (held) {
      const data = new Float32Array(tensor.data.length);
      const { blockElements, blockBytes, widen } = held.format;
      const bytes = new Uint8Array((data.length / blockElements) * blockBytes);
      await held.readInto(0, bytes);
      widen(bytes, data);
      widened.set(name, data);
    }
    tensors.push({ ...tensor, data: widened.get(name) ?? tensor.data } as WeightTensor);
  }
  await opened.close();
  await writeSafetensorsFile(join(to, 'model.safetensors'), tensors, { format: 'pt' });
  return widened;
}

/** Logits of a text of some tokens, and of one more behind it. */
async function logitsOf(model: LanguageModel): Promise<Float32Array> {
  const steps = tf.tidy(() => {
    const of = (ids: number[]) => model.embed(tf.tensor2d([ids], [1, ids.length], 'int32'));
    const { logits, cache } = model.forward(of([5, 9, 2, 7, 30, 12]), { useCache: true });
    const next = model.forward(of([8]), { cache: cache!, useCache: true });
    return tf.concat([logits, next.logits] as tf.Tensor2D[]);
  });
  const values = (await steps.data()) as Float32Array;
  steps.dispose();
  return values;
}

async function expectNear(actual: LanguageModel, expected: LanguageModel): Promise<void> {
  const [values, wanted] = [await logitsOf(actual), await logitsOf(expected)];
  const largest = Math.max(...wanted.map(Math.abs));
  for (const [index, value] of wanted.entries())
    expect(Math.abs(values[index]! - value)).toBeLessThan(1e-5 * largest);
}

async function loadLlama(name: string, frozen: boolean): Promise<LanguageModel> {
  const weights = await openPublishedWeights(join(folder, name));
  try {
    return await llama.languageModels.llama.load(weights, { frozen });
  } finally {
    await weights.close();
  }
}

describe.each(['q8_0', 'q4_0', 'nf4'] as const)('an LLM that is quantised to %s', (format) => {
  test('stays as it is while an ST is trained, is saved, loaded and scored so', async () => {
    const config = writeConfig(format, `{ use: '@eim/llm-llama', weights: llama, quantise: ${format} }`);
    const { code, err } = await runOf(format, config);
    expect(code, err).toBe(0);
    const model = join(folder, format, 'model');
    expect(JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')).parts.llm.quantise).toBe(format);
    const loaded = await loadModel(model, {
      loadPlugin,
      createTokenizer,
    });
    const weights = loaded.model.llm.readOnlyWeights!();
    expect(new Set(weights.map((one) => one.format))).toEqual(new Set([format]));
    expect(weights.map(({ name }) => name)).toContain('tokens.weight');
    const widened = await writeWidened(format);
    const table = weights.find(({ name }) => name === 'tokens.weight')!;
    expect(await table.read()).toEqual(widened.get('model.embed_tokens.weight'));
    const floats = await loadLlama(`${format}-widened`, false);
    await expectNear(loaded.model.llm, floats);
    floats.dispose();
    loaded.model.dispose();

    const scored = await runInProcess(['eval', join(folder, format), '--json'], folder);
    expect(scored.code, scored.err).toBe(0);
  });
});

describe('what cannot be quantised is refused by name', () => {
  let refusals = 0;
  const refusal = async (llm: string, learn?: string) => {
    const name = `refused-${refusals++}`;
    const { code, err } = await runOf(name, writeConfig(name, llm, learn));
    expect(code).toBe(2);
    return err;
  };

  test('a segment that trains it', async () => {
    const llm = "{ use: '@eim/llm-llama', weights: llama, quantise: nf4 }";
    expect(await refusal(llm, ', llm: { select: full, learningRate: 1e-3 }')).toContain(
      "nf4 holds the LLM in blocks, which cannot learn, but segment 'align' trains it",
    );
  });

  test('weights that are drawn, an unknown format, and another part', async () => {
    expect(await refusal("{ use: '@eim/llm-llama', preset: tiny, quantise: q8_0 }")).toContain(
      'quantises published weights, but the LLM names none',
    );
    expect(await refusal("{ use: '@eim/llm-llama', weights: llama, quantise: q5_0 }")).toContain('quantise');
    const path = writeConfig('encoder', "{ use: '@eim/llm-llama', weights: llama }");
    writeFileSync(path, readFileSync(path, 'utf8').replace('vit",', 'vit","quantise":"nf4",'));
    const { code, err } = await runOf('encoder', path);
    expect(code).toBe(2);
    expect(err).toContain('quantise');
  });

  test('rows that blocks do not fill, and a package without blocks', async () => {
    await writePublishedLlama(join(folder, 'narrow'), { hiddenSize: 32, headCount: 4 });
    expect(await refusal("{ use: '@eim/llm-llama', weights: narrow, quantise: nf4 }")).toContain(
      'has rows of 32, which blocks of 64 do not fill',
    );
    await writePublishedGpt2(join(folder, 'gpt2'), { hiddenSize: 64 });
    expect(await refusal("{ use: '@eim/llm-gpt2', weights: gpt2, quantise: q8_0 }")).toContain(
      "'@eim/llm-gpt2' cannot be quantised to q8_0: it holds no matrices in blocks",
    );
  });

  test('the LLM of a run that was quantised, without saying so', async () => {
    expect(await refusal(`{ use: '@eim/llm-llama', weights: ${join(folder, 'q8_0')} }`)).toContain(
      'model.llm.quantise is absent, but the llm saved in',
    );
  });
});

test.each(['F16', 'BF16'] as const)('%s of a safetensors file stays so in a frozen LLaMA', async (dtype) => {
  const [from, to] = [join(folder, 'llama'), join(folder, dtype)];
  cpSync(from, to, { recursive: true });
  const file = await openSafetensorsFile(join(from, 'model.safetensors'));
  const tensors: WeightTensor[] = [];
  for await (const tensor of file.tensors()) tensors.push({ ...tensor, dtype } as WeightTensor);
  await file.close();
  await writeSafetensorsFile(join(to, 'model.safetensors'), tensors, { format: 'pt' });

  const [halves, floats] = [await loadLlama(dtype, true), await loadLlama(dtype, false)];
  const formats = (model: LanguageModel) => new Set(model.readOnlyWeights!().map(({ format }) => format));
  expect(formats(halves)).toEqual(new Set([dtype === 'F16' ? 'float16' : 'bfloat16']));
  expect(formats(floats).size).toBe(0);
  await expectNear(halves, floats);
  for (const model of [halves, floats]) model.dispose();
});

test('a plan without data counts matrices in the blocks that will hold them', async () => {
  const plan = parsePlan({
    segments: [
      {
        name: 'align',
        learn: { st: { select: 'full', learningRate: 1e-2 } },
        objective: { use: 'caption' },
        data: 'train',
        until: { steps: 4 },
        batchSize: 4,
      },
    ],
  });
  const counted = async (quantise?: QuantiseFormat) => {
    const described = await describePlanCost(
      {
        encoder: ENCODER,
        st: { use: '@eim/st-adapters/linear', preset: 'tokens' },
        llm: { use: '@eim/llm-llama', weights: join(folder, 'llama'), quantise },
      },
      {
        loadPlugin,
        openWeights: openPublishedWeights,
        plan,
        sizes: { pictures: 4, textLength: 8 },
      },
    );
    const matrices = described.parameters.filter(
      ({ name, shape }) => name.startsWith('llm.') && shape.length === 2,
    );
    const elements = matrices.reduce((sum, { shape }) => sum + shape[0]! * shape[1]!, 0);
    return { elements, bytes: described.cost.segments[0]!.memory.parameters };
  };
  const floats = await counted();
  for (const [format, bytes] of [
    ['q8_0', 34 / 32],
    ['q4_0', 18 / 32],
    ['nf4', 36 / 64],
  ] as const) {
    const blocks = await counted(format);
    expect(blocks.elements, 'they count as parameters').toBe(floats.elements);
    expect(floats.bytes - blocks.bytes, format).toBe(floats.elements * (4 - bytes));
  }
});
