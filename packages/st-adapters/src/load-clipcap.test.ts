import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { SemanticTransform, SemanticTransformContext, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { bytesSource, SafetensorsFile, type WeightTensor, writeSafetensors } from '@eim/weights';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClipCapMlp, createClipCapTransformer } from './create-transforms.js';
import plugin from './index.js';
import { loadClipCapMlp, loadClipCapTransformer } from './load-clipcap.js';
import { imageRows, shapes } from './testing/shapes.js';
import { describeClipCapMlp } from './weights/describe-clipcap.js';

const originals = process.env.EIM_ORIGINALS ?? join(process.env.EIM_DATA ?? '../shared/data', 'originals');
const folder = join(originals, 'clipcap');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is not there (set EIM_DATA, or EIM_ORIGINALS)`);

/** Another set of the same layout may leave files out. */
const lacking = (...files: string[]) => files.filter((file) => !existsSync(join(folder, file)));

const { 'clipcap-mlp': mlp, 'clipcap-transformer': transformer } = plugin.semanticTransforms;
const { encoder, llm } = shapes({ pooledSize: 24, hiddenSize: 32 });
const neighbours = { encoder, llm };

beforeAll(() => startEngine({ engine: 'wasm' }));

const prefixOf = (st: SemanticTransform, pooled: Tensor2D): Tensor3D =>
  st.transform({ pooled }, imageRows(pooled.shape[0])).prefix!.embeddings;

const sizes = { blockCount: 3, headCount: 8, feedForwardRatio: 2 };
describe.skipIf(!present)('mappers of the original program', () => {
  test.for([
    ['mlp_k10-000.pt', 'mlp_k10', mlp, { prefixLength: 10 }],
    ['mlp_k10.weights.safetensors', 'mlp_k10', mlp, {}],
    ['mlp_long.weights.safetensors', 'mlp_long', mlp, {}],
    [
      'transformer_k10-000.pt',
      'transformer_k10',
      transformer,
      { prefixLength: 10, clipLength: 10, ...sizes },
    ],
    [
      'transformer_k10-with-buffers.pt',
      'transformer_k10',
      transformer,
      { prefixLength: 10, clipLength: 10, ...sizes },
    ],
    [
      'transformer_long.weights.safetensors',
      'transformer_long',
      transformer,
      { prefixLength: 13, clipLength: 6, ...sizes },
    ],
  ] as const)('%s gives the prefixes of %s', async ([file, name, entry, described], { skip }) => {
    const lacks = lacking(file, 'inputs.safetensors', `${name}.forward.safetensors`);
    skip(lacks.length > 0, `${folder} lacks ${lacks}`);
    const weights = await openPublishedWeights(join(folder, file));
    expect([mlp, transformer].filter(({ recognise }) => recognise(weights))).toEqual([entry]);
    expect(entry.describe(weights)).toEqual(described);
    const inputs = (await readSafetensorsFile(join(folder, 'inputs.safetensors'))).tensors;
    const wanted = (await readSafetensorsFile(join(folder, `${name}.forward.safetensors`))).tensors;
    // `normalize_prefix` scales the vectors outside the model, and is an option here
    for (const [suffix, given] of [
      ['', {}],
      ['.normalized', { normalisePrefix: true }],
    ] as const) {
      const options = { prefixLength: wanted.get('prefix_embeddings')!.shape[1]!, ...described, ...given };
      const st = await entry.load(weights, neighbours, entry.optionsSchema.parse(options) as never);
      tf.tidy(() => {
        const prefix = prefixOf(st, tf.tensor2d(inputs.get('prefix')!.data as Float32Array, [3, 24]));
        const expected = wanted.get(`prefix_embeddings${suffix}`)!;
        expect(prefix.shape).toEqual(expected.shape);
        const values = prefix.dataSync();
        (expected.data as Float32Array).forEach((value, index) => {
          expect(Math.abs(values[index]! - value)).toBeLessThan(5e-5 + 1e-5 * Math.abs(value));
        });
      });
      st.dispose();
    }
    const alone = await entry.load(weights, neighbours);
    expect(alone.prefixLength).toBe(wanted.get('prefix_embeddings')!.shape[1]);
    alone.dispose();
    await weights.close();
  });

  test('predict.py’s single linear layer is refused by its name', async ({ skip }) => {
    const file = 'linear_long.weights.safetensors';
    skip(lacking(file).length > 0, `${folder} lacks ${file}`);
    const weights = await openPublishedWeights(join(folder, file));
    expect(mlp.recognise(weights) || transformer.recognise(weights)).toBe(false);
    for (const { describe: describeWeights, load } of [mlp, transformer]) {
      expect(() => describeWeights(weights)).toThrow(/single linear layer that predict\.py puts/);
      await expect(load(weights, neighbours)).rejects.toThrow(/single linear layer that predict\.py puts/);
    }
    await weights.close();
  });
});

/** A mapper's own parameters in the layout of a checkpoint, saved from several devices where `module` is set. */
async function checkpointOf(st: SemanticTransform, module = ''): Promise<PublishedWeights> {
  const parameters = new Map(st.parameters().map(({ name, variable }) => [name, variable]));
  const tensors: WeightTensor[] = [];
  const put = (name: string, value: tf.Tensor) =>
    tensors.push({
      name: `${module}clip_project.${name}`,
      dtype: 'F32',
      shape: value.shape,
      data: value.dataSync() as Float32Array,
    });
  tf.tidy(() => {
    const part = (name: string) => parameters.get(name)!;
    const linear = (theirs: string, ours: string) => {
      put(`${theirs}.weight`, tf.transpose(part(`${ours}.weight`)));
      put(`${theirs}.bias`, part(`${ours}.bias`));
    };
    if (!parameters.has('constants')) {
      linear('model.0', 'input');
      linear('model.2', 'output');
      return;
    }
    linear('linear', 'spread');
    put('prefix_const', part('constants'));
    for (let block = 0; parameters.has(`blocks.${block}.attentionNorm.gain`); block++) {
      const [ours, theirs] = [`blocks.${block}`, `transformer.layers.${block}`];
      for (const [norm, name] of [
        ['norm1', 'attentionNorm'],
        ['norm2', 'feedForwardNorm'],
      ]) {
        put(`${theirs}.${norm}.weight`, part(`${ours}.${name}.gain`));
        put(`${theirs}.${norm}.bias`, part(`${ours}.${name}.bias`));
      }
      const joint = part(`${ours}.attention.queryKeyValue.weight`) as tf.Tensor; // [D, 3D]
      const [queries, keysValues] = tf.split(joint, [joint.shape[0]!, 2 * joint.shape[0]!], 1);
      put(`${theirs}.attn.to_queries.weight`, tf.transpose(queries!));
      put(`${theirs}.attn.to_keys_values.weight`, tf.transpose(keysValues!));
      linear(`${theirs}.attn.project`, `${ours}.attention.output`);
      linear(`${theirs}.mlp.fc1`, `${ours}.feedForward.input`);
      linear(`${theirs}.mlp.fc2`, `${ours}.feedForward.output`);
    }
  });
  const file = await SafetensorsFile.open(bytesSource(writeSafetensors(tensors), 'clipcap'));
  return {
    name: 'clipcap',
    files: ['clipcap'],
    config: {},
    tensorNames: file.tensorNames,
    has: (name) => file.has(name),
    info: (name) => file.info(name),
    read: (name) => file.read(name),
  };
}

type Create = (context: SemanticTransformContext) => SemanticTransform;
const mappers: [name: 'clipcap-mlp' | 'clipcap-transformer', hiddenSize: number, create: Create][] = [
  ['clipcap-mlp', 32, (context) => createClipCapMlp({ prefixLength: 3 }, context)],
  [
    'clipcap-transformer',
    56,
    // 61 / 56 * 56 is a little less than 61, and rounding down must not make it 60
    (context) =>
      createClipCapTransformer(
        { prefixLength: 3, clipLength: 2, blockCount: 2, headCount: 8, feedForwardRatio: 61.5 / 56 },
        context,
      ),
  ],
];
test.each(mappers)('%s comes back from a checkpoint bit for bit, `module.` or not', async (...row) => {
  const [name, hiddenSize, create] = row;
  const context = shapes({ pooledSize: 24, hiddenSize });
  const st = create(context);
  for (const module of ['', 'module.']) {
    const loaded = await plugin.semanticTransforms[name].load(await checkpointOf(st, module), context);
    const values = (one: SemanticTransform) =>
      one.parameters().map((parameter) => [parameter.name, parameter.variable.dataSync()]);
    expect(values(loaded)).toEqual(values(st));
    loaded.dispose();
  }
  st.dispose();
});

test('what does not fit is refused', async () => {
  const before = tf.memory().numTensors;
  const st = createClipCapMlp({ prefixLength: 3 }, shapes({ pooledSize: 24, hiddenSize: 32 }));
  const weights = await checkpointOf(st);
  st.dispose();
  const between = (pooledSize: number, hiddenSize: number) => {
    const { encoder: narrow, llm: other } = shapes({ pooledSize, hiddenSize });
    return { encoder: narrow, llm: other };
  };
  await expect(loadClipCapMlp(weights, between(20, 32))).rejects.toThrow(
    /encoder's pooled vector has a width of 24 \(clip_project\.model\.0\.weight\); here it is 20/,
  );
  await expect(loadClipCapMlp(weights, between(24, 36))).rejects.toThrow(
    /gives 96 values for each picture, which are no whole number of slots of width 36/,
  );
  await expect(loadClipCapMlp(weights, neighbours, { prefixLength: 4 })).rejects.toThrow(
    /clip_project\.model\.0\.weight is \[48,24\] and should be \[64,24\]/,
  );
  await expect(loadClipCapTransformer(weights, neighbours)).rejects.toThrow(
    /holds the MLP mapper of ClipCap's, not the transformer mapper/,
  );
  const more = { ...weights, tensorNames: [...weights.tensorNames, 'clip_project.model.4.weight'] };
  await expect(loadClipCapMlp(more, neighbours)).rejects.toThrow(/1 unexpected: clip_project\.model\.4/);
  expect(() => describeClipCapMlp({ ...weights, tensorNames: ['wte.weight'] })).toThrow(
    /holds no mapper of ClipCap's/,
  );
  expect(describeClipCapMlp(weights)).toEqual({}); // the LLM's width is told by nothing here
  expect(describeClipCapMlp(weights, neighbours)).toEqual({ prefixLength: 3 });
  expect(tf.memory().numTensors).toBe(before);
});
