import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { LanguageModel, SemanticTransform, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { textLogits } from '@eim/core';
import { crossEntropy, startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import sts from '@eim/st-adapters';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientsAsWeights } from './adapter-originals.js';
import { SHARED_DATA } from './run-eim.js';

const folder = join(process.env.EIM_ORIGINALS ?? join(SHARED_DATA, 'originals'), 'clipcap');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not there (set EIM_DATA, or EIM_ORIGINALS)`);

const entries = sts.semanticTransforms;
const encoder = { pooledSize: 24, tokenSize: 24, tokenCount: 1, blockCount: 1, insertionPoints: [] };
const heads = { config: { n_head: 4 } }; // a checkpoint does not tell them

beforeAll(() => startEngine({ engine: 'wasm' }));

const opened = async <Result>(path: string, use: (weights: PublishedWeights) => Promise<Result>) => {
  const weights = await openPublishedWeights(join(folder, path));
  try {
    return await use({ ...weights, ...heads });
  } finally {
    await weights.close();
  }
};

/** Both parts of a checkpoint that `train.py` saved, or of two files. */
async function load(
  mapper: 'clipcap-mlp' | 'clipcap-transformer',
  files: readonly [mapper: string, llm: string],
): Promise<{ st: SemanticTransform; llm: LanguageModel }> {
  const llm = await opened(files[1], (weights) => gpt2.languageModels.gpt2.load(weights, {}));
  const st = await opened(files[0], (weights) => entries[mapper].load(weights, { encoder, llm }));
  return { st, llm };
}

/** Names of GPT-2's parameters whose gradients are there. */
const LLM_GRADIENTS: Readonly<Record<string, string>> = {
  'grad.gpt.transformer.wpe.weight': 'positions.weight',
  'grad.gpt.transformer.ln_f.weight': 'finalNorm.gain',
  'grad.gpt.transformer.h.0.attn.c_attn.bias': 'blocks.0.attention.queryKeyValue.bias',
  'grad.gpt.transformer.h.1.attn.c_attn.bias': 'blocks.1.attention.queryKeyValue.bias',
};

describe.skipIf(!present)('ClipCap against the original program', () => {
  test.for([
    ['mlp_k10', 'clipcap-mlp', 'mlp_k10-000.pt', 'mlp_k10-000.pt'],
    ['mlp_long', 'clipcap-mlp', 'mlp_long.weights.safetensors', 'weights.gpt2.safetensors'],
    ['transformer_k10', 'clipcap-transformer', 'transformer_k10-000.pt', 'transformer_k10-with-buffers.pt'],
    [
      'transformer_long',
      'clipcap-transformer',
      'transformer_long.weights.safetensors',
      'weights.gpt2.safetensors',
    ],
  ] as const)('%s: prefix, logits, loss and gradients', async ([name, mapper, ...files], { skip }) => {
    const forward = `${name}.forward.safetensors`;
    const lacks = [...files, forward, 'inputs.safetensors'].filter((file) => !existsSync(join(folder, file)));
    skip(lacks.length > 0, `${folder} lacks ${lacks}`);
    const { tensors: inputs } = await readSafetensorsFile(join(folder, 'inputs.safetensors'));
    const { tensors: expected } = await readSafetensorsFile(join(folder, forward));
    const values = (tensor: string) => expected.get(tensor)!.data as Float32Array;
    const { st, llm } = await load(mapper, files);
    const slots = st.prefixLength;
    const ids = tf.tensor2d(Int32Array.from(inputs.get('tokens')!.data, Number), [3, 9], 'int32');
    const whole = tf.tensor2d(Float32Array.from(inputs.get(`mask.${slots}`)!.data, Number), [3, slots + 9]);
    const mask = tf.slice(whole, [0, slots], [3, 9]) as Tensor2D;
    const pooled = tf.tensor2d(inputs.get('prefix')!.data as Float32Array, [3, 24]);
    const context = { batch: 3, modality: tf.ones([3], 'int32') as Tensor1D, embed: llm.embed.bind(llm) };
    const close = (actual: tf.Tensor, tensor: string) => {
      const found = actual.dataSync();
      expect(found.length, tensor).toBe(values(tensor).length);
      values(tensor).forEach((value, index) => {
        expect(Math.abs(found[index]! - value), tensor).toBeLessThan(5e-5 + 1e-5 * Math.abs(value));
      });
    };

    tf.tidy(() => {
      const injection = st.transform({ pooled }, context);
      close(injection.prefix!.embeddings, 'prefix_embeddings');
      close(textLogits(llm, { ids, mask }, { injection }), 'logits');
    });

    const parameters = [...st.parameters(), ...llm.parameters()];
    const { value: loss, grads } = tf.variableGrads(
      () => {
        const injection = st.transform({ pooled }, context);
        const targetIndices = tf.range(0, 27, 1, 'int32') as Tensor1D;
        const logits = textLogits(llm, { ids, mask, targetIndices }, { injection }); // [27, V]
        const targets = tf.reshape(ids, [27]) as Tensor1D;
        // `ignore_index=0`: the id 0 is never supervised, inside a caption neither
        return crossEntropy(logits, targets, tf.cast(tf.notEqual(targets, 0), 'float32') as Tensor1D);
      },
      parameters.map(({ variable }) => variable),
    );
    expect(Math.abs(loss.dataSync()[0]! - values('loss')[0]!)).toBeLessThan(1e-5);

    const wanted = await opened(files[0], (weights) =>
      opened(forward, (file) => entries[mapper].load(gradientsAsWeights(file, weights), { encoder, llm })),
    );
    const gradients = new Map(
      wanted
        .parameters()
        // the largest one is left out of the originals
        .filter(({ name: parameter }) => name !== 'mlp_long' || parameter !== 'output.weight')
        .map(({ name: parameter, variable }) => [parameter, variable.dataSync() as Float32Array]),
    );
    for (const [published, ours] of Object.entries(LLM_GRADIENTS)) {
      if (expected.has(published)) gradients.set(ours, values(published));
    }
    expect(gradients.size).toBe(wanted.parameters().length + (name === 'mlp_long' ? 2 : 3));
    for (const { name: parameter, variable } of parameters) {
      const gradient = gradients.get(parameter);
      if (gradient === undefined) continue;
      gradients.delete(parameter);
      const largest = gradient.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      const found = grads[variable.name]!.dataSync();
      const error = gradient.reduce((most, one, i) => Math.max(most, Math.abs(found[i]! - one)), 0);
      expect(error / largest, parameter).toBeLessThan(1e-4);
    }
    expect([...gradients.keys()]).toEqual([]);
    for (const part of [st, llm, wanted]) part.dispose();
    tf.dispose([ids, whole, mask, pooled, context.modality, loss, grads]);
  });
});
