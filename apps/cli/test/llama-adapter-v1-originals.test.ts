import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel, SemanticTransform, Tensor2D, TransformContext } from '@eim/contracts/model';
import { rowTokens } from '@eim/core/training';
import { readQuestionDataset } from '@eim/datasets/node';
import { createRandomStream, crossEntropy, startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import sts, { createLlamaAdapter } from '@eim/st-adapters';
import { openTokenizer } from '@eim/tokenizers/node';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  behindModule,
  cutAtEnd,
  expectClose,
  expectGradients,
  forwardStates,
  generateStepwise,
  gradientsAsWeights,
  labelledLoss,
  predictions,
  tidied,
  untilEmpty,
  valuesOf,
} from './adapter-originals.js';
import { Originals } from './originals.js';
import { SHARED_DATA, scratchFolder } from './run-eim.js';

const originals = new Originals('llama-adapter-v1');
const { 'llama-adapter': entry } = sts.semanticTransforms;
const encoder = { pooledSize: 8, tokenSize: 8, tokenCount: 1, blockCount: 1, insertionPoints: [] };
const scratch = scratchFolder();
const ADAPTERS = 'weights.adapters.safetensors';
const BASE = 'weights/7B/params.json';

beforeAll(() => startEngine({ engine: 'wasm' }));

const loadBase = () =>
  originals.opened('weights/7B', (weights) => llama.languageModels.llama.load(weights, {}));

/** As the set's description has them, which a file of adapters does not. */
const sizes = () => {
  const { adapter_len: promptLength, adapter_layer: layerCount } = originals.json('config.json');
  return { promptLength, layerCount };
};

const loadAdapters = (llm: LanguageModel, options: object = {}, file = ADAPTERS) =>
  originals.opened(file, (weights) =>
    entry.load(weights, { encoder, llm }, entry.optionsSchema.parse({ ...sizes(), ...options })),
  );

const contextOf = (llm: LanguageModel, batch: number): TransformContext => ({
  batch,
  modality: tf.zeros([batch], 'int32') as TransformContext['modality'],
  embed: (ids) => llm.embed(ids),
});

async function both(options: object = {}): Promise<{ llm: LanguageModel; st: SemanticTransform }> {
  const llm = await loadBase();
  return { llm, st: await loadAdapters(llm, options) };
}

describe.skipIf(!originals.present)('LLaMA-Adapter V1 against the original program', () => {
  test('blocks, attentions, logits, loss and gradients of the training forward', async ({ skip }) => {
    const files = [BASE, ADAPTERS, 'config.json', 'train.inputs.safetensors', 'train.safetensors'];
    const lacks = originals.lacks(...files);
    skip(lacks !== undefined, lacks);
    const { llm, st } = await both();
    const inputs = await originals.tensors('train.inputs.safetensors');
    const expected = await originals.tensors('train.safetensors');
    const ids = inputs.tensor<tf.Rank.R2>('examples', 'int32');
    const context = contextOf(llm, ids.shape[0]);
    tf.tidy(() => {
      const { logits, hidden, attention } = forwardStates(llm, ids, st.transform({}, context));
      for (let block = 0; block < llm.blockCount; block++) {
        expectClose(hidden.get(block + 1)!, expected.values(`block.${block}`), `block ${block}`);
        expectClose(attention.get(block)!, expected.values(`attention.${block}`), `attention ${block}`);
      }
      expectClose(logits, expected.values('logits'), 'logits');
      tf.dispose([...attention.values()]);
    });
    const parameters = st.parameters();
    const labels = inputs.tensor<tf.Rank.R2>('labels', 'int32') as Tensor2D;
    const { value: loss, grads } = tf.variableGrads(
      () => {
        const { targets, weights } = labelledLoss(ids, labels);
        return crossEntropy(predictions(llm, ids, st.transform({}, context)), targets, weights);
      },
      parameters.map(({ variable }) => variable),
    );
    expectClose(loss, expected.values('loss'), 'loss', { absolute: 1e-5, relative: 0 });
    const wanted = await originals.opened(ADAPTERS, (weights) =>
      originals.opened('train.safetensors', (file) =>
        entry.load(gradientsAsWeights(file, weights), { encoder, llm }, entry.optionsSchema.parse(sizes())),
      ),
    );
    const gradients = wanted
      .parameters()
      .map(({ name, variable }): [string, Float32Array] => [name, variable.dataSync() as Float32Array]);
    expect(gradients.length).toBe(2 * sizes().layerCount);
    expectGradients(parameters, grads, new Map(gradients));
    const { trainable_count: trainable } = originals.json('config.json');
    expect(parameters.reduce((sum, { variable }) => sum + variable.size, 0)).toBe(trainable);
    for (const part of [st, llm, wanted]) part.dispose();
    tf.dispose([ids, labels, context.modality, loss, grads]);
  });

  test('the half-precision program is near', async ({ skip }) => {
    const files = [BASE, ADAPTERS, 'config.json', 'train.inputs.safetensors', 'train.fp16.safetensors'];
    const lacks = originals.lacks(...files);
    skip(lacks !== undefined, lacks);
    const { llm, st } = await both();
    const ids = (await originals.tensors('train.inputs.safetensors')).tensor<tf.Rank.R2>('examples', 'int32');
    const expected = await originals.tensors('train.fp16.safetensors');
    tf.tidy(() => {
      const { logits } = forwardStates(llm, ids, st.transform({}, contextOf(llm, ids.shape[0])));
      expectClose(logits, expected.values('logits'), 'logits', { absolute: 0.1, relative: 0 });
    });
    for (const part of [st, llm, ids]) part.dispose();
  });

  test.for([
    ['as_published', true],
    ['tanh_gate', false],
  ] as const)('generation, %s', async ([kind, plainGate], { skip }) => {
    const lacks = originals.lacks(BASE, ADAPTERS, 'config.json', 'generate.safetensors');
    skip(lacks !== undefined, lacks);
    const { llm, st } = await both({ compat: { plainGate } });
    const { generate, bos, eos } = originals.json('config.json');
    const file = await originals.tensors('generate.safetensors');
    const prompts = file.rows('prompts').map((row) => [bos, ...untilEmpty(row)]);
    const cases: [string, number[][]][] = [
      ['batch', prompts],
      ...prompts.map((prompt, row): [string, number[][]] => [`row${row}`, [prompt]]),
    ];
    for (const [name, rows] of cases) {
      const injection = tidied(() => st.transform({}, contextOf(llm, rows.length)));
      const longest = Math.max(...rows.map(({ length }) => length));
      const length = Math.min(generate.max_seq_len, generate.max_gen_len + longest);
      const { logits, tokens } = generateStepwise(llm, rows, length, injection);
      const cut = tokens.map((row, index) => cutAtEnd(row, rows[index]!.length, generate.max_gen_len, eos));
      if (file.has(`${kind}.${name}.tokens`)) {
        expect(tokens).toEqual(file.rows(`${kind}.${name}.tokens`));
        expect(cut).toEqual(file.rows(`${kind}.${name}.ids`).map(untilEmpty));
        expectClose(
          Float32Array.from(logits.flatMap((step) => [...step])),
          file.values(`${kind}.${name}.logits`),
          name,
        );
      }
      // our own decoding, with the prompts padded and masked, has each row's tokens
      const slots = tidied(() => {
        const padded = rows.map((row) => [...row, ...Array(longest - row.length).fill(0)]);
        const real = rows.map((row) => padded[0]!.map((_, slot) => (slot < row.length ? 1 : 0)));
        return {
          embeddings: llm.embed(tf.tensor2d(padded, undefined, 'int32')),
          mask: tf.tensor2d(real),
        };
      });
      const answers: number[][] = rows.map((row) => [...row]);
      const request = { ...slots, injection, maxNewTokens: generate.max_gen_len, stopTokens: [eos] };
      for await (const { ids } of llm.generate(request))
        for (const [row, own] of ids.entries()) answers[row]!.push(...own);
      expect(answers, `${name}, decoded`).toEqual(cut);
      tf.dispose([slots, injection] as never);
    }
    for (const part of [st, llm]) part.dispose();
  });

  test('the adapter file and the training state hold the same adapters, and the state its LLaMA', async ({
    skip,
  }) => {
    const [flat, ...others] = readdirSync(originals.folder).filter((file) => /^adapter_.*\.pth$/.test(file));
    const [state] = readdirSync(originals.folder).filter((file) => /^checkpoint-\d+\.pth$/.test(file));
    const lacks = originals.lacks(
      BASE,
      ADAPTERS,
      'config.json',
      flat ?? 'adapter_*.pth',
      state ?? 'checkpoint-*.pth',
    );
    skip(lacks !== undefined, lacks);
    expect(others).toEqual([]);
    const llm = await loadBase();
    const wanted = await loadAdapters(llm);
    for (const file of [flat!, state!]) {
      await originals.opened(file, async (weights) => {
        expect(entry.recognise(weights)).toBe(true);
        expect(entry.describe(weights), file).toEqual(sizes());
        const behind = await openPublishedWeights(await behindModule(weights, scratch));
        for (const one of [weights, behind]) {
          const st = await entry.load(one, { encoder, llm }, entry.optionsSchema.parse(sizes()));
          expect(valuesOf(st), file).toEqual(valuesOf(wanted));
          st.dispose();
        }
        await behind.close();
      });
    }
    await originals.opened(state!, async (weights) => {
      const described = await originals.opened('weights/7B', async (base) =>
        llama.languageModels.llama.describe(base),
      );
      const found = await llama.languageModels.llama.load(
        weights,
        {},
        llama.languageModels.llama.optionsSchema.parse(described),
      );
      expect(valuesOf(found)).toEqual(valuesOf(llm));
      found.dispose();
    });
    for (const part of [wanted, llm]) part.dispose();
  });

  test('step by step every position equals the training forward', async ({ skip }) => {
    const files = [BASE, ADAPTERS, 'config.json', 'train.inputs.safetensors', 'train.safetensors'];
    const lacks = originals.lacks(...files);
    skip(lacks !== undefined, lacks);
    const { llm, st } = await both();
    const rows = (await originals.tensors('train.inputs.safetensors')).rows('examples');
    const expected = (await originals.tensors('train.safetensors')).values('logits');
    const length = rows[0]!.length;
    const injection = tidied(() => st.transform({}, contextOf(llm, 1)));
    for (const [index, row] of rows.entries()) {
      // what follows a token is given, not chosen: the longer row beside it makes every position a step
      const { logits } = generateStepwise(llm, [row.slice(0, 1), row], length + 1, injection);
      const width = llm.vocabularySize;
      const own = logits.map((step) => step.slice(width)).flatMap((step) => [...step]);
      const all = expected.slice(index * length * width, (index + 1) * length * width);
      expectClose(Float32Array.from(own), all, `row ${index}`);
    }
    tf.dispose(injection as never);
    for (const part of [st, llm]) part.dispose();
  });

  test('a gate of 0 leaves LLaMA exactly as it is', async ({ skip }) => {
    const lacks = originals.lacks(BASE, 'config.json', 'train.inputs.safetensors');
    skip(lacks !== undefined, lacks);
    const llm = await loadBase();
    const st = createLlamaAdapter(sizes(), { encoder, llm, random: createRandomStream(1) });
    const ids = (await originals.tensors('train.inputs.safetensors')).tensor<tf.Rank.R2>('examples', 'int32');
    tf.tidy(() => {
      const plain = llm.forward(llm.embed(ids)).logits;
      const adapted = llm.forward(llm.embed(ids), {
        injection: st.transform({}, contextOf(llm, ids.shape[0])),
      });
      expect(adapted.logits.dataSync()).toEqual(plain.dataSync());
    });
    for (const part of [st, llm, ids]) part.dispose();
  });

  test('instructions become ids and labels as in the original data set', async ({ skip }) => {
    const model = join(SHARED_DATA, 'tokenizers/llama2_tokenizer.model');
    const lacks = existsSync(model) ? originals.lacks('prompts.json') : `${model} is not there`;
    skip(lacks !== undefined, lacks);
    const tokenizer = await openTokenizer(model);
    const { max_words: length, rows } = originals.json('prompts.json');
    const path = join(scratch, 'alpaca_data.json');
    writeFileSync(path, JSON.stringify(rows));
    const data = await readQuestionDataset({ path });
    const read = data.splits.flatMap((split) => data.split(split));
    expect(read.length).toBe(rows.length);
    for (const row of read) {
      const original = rows.find(({ output }: { output: string }) => output === row.answers[0]);
      const { ids, supervised, cut } = rowTokens(row, row.answers[0]!, tokenizer, length);
      // a row that is too long ends here with the end token, there in the middle of its answer
      const kept = cut ? ids.length - 1 : ids.length;
      expect([...ids.slice(0, kept)]).toEqual(original.example.slice(0, kept));
      const labels = [...ids].map((id, at) => (at >= supervised[0]! && at < supervised[1]! ? id : 0));
      expect(labels.slice(0, kept)).toEqual(original.labels.slice(0, kept));
      expect(ids.length).toBe(original.length);
    }
  });
});
