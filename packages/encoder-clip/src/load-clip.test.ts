import { join } from 'node:path';
import type { PublishedWeights, WeightsDescription } from '@eim/contracts';
import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { transformerInsertionPoints } from '@eim/nn';
import { recordInsertionPoints, relativeError } from '@eim/nn/testing';
import { type OpenedWeights, openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import plugin from './index.js';
import { loadClipEncoder, loadClipTextEncoder } from './load-clip.js';
import { recogniseClip } from './weights/clip-naming.js';
import { describedVitOptions } from './weights/described-vit-options.js';

const PRECISION = 1e-4;
const folder = join(import.meta.dirname, '__fixtures__');
const OPENAI = { naming: 'openai', prefix: 'visual.' } as const;
const HUGGING_FACE = { naming: 'hugging-face', prefix: 'vision_model.' } as const;

beforeAll(() => startEngine({ engine: 'wasm' }));

describe.each([
  ['OpenAI’s TorchScript archive', 'openai-vit', 'openai-vit.pt'],
  ['open_clip’s folder', 'open-clip', 'open-clip'],
  ['Hugging Face’s folder', 'hugging-face', 'hugging-face'],
])('%s computes what the original computes, half block by half block', (_, name, path) => {
  let weights: OpenedWeights;
  let expected: (tensor: string) => tf.Tensor;
  beforeAll(async () => {
    weights = await openPublishedWeights(join(folder, path));
    const { tensors } = await readSafetensorsFile(join(folder, `${name}.expected.safetensors`));
    expected = (tensor) => {
      const { data, shape } = tensors.get(tensor)!;
      return tf.tensor(data as Float32Array, [...shape]);
    };
  });
  afterAll(() => weights.close());

  const compare = (side: string, recorded: ReadonlyMap<string, Tensor2D>, count: number) => {
    expect(recorded.size).toBe(count);
    for (const [point, hidden] of recorded) {
      const wanted = expected(`${side}.${point}`);
      expect(relativeError(tf.reshape(hidden, wanted.shape), wanted), `${side} ${point}`).toBeLessThan(
        PRECISION,
      );
      hidden.dispose();
    }
  };

  test('in the image tower', async () => {
    expect(recogniseClip('vit')(weights)).toBe(true);
    expect(recogniseClip('resnet')(weights)).toBe(false);
    // OpenAI's heads are all 64 wide, which so small a model cannot be; its file does not name them
    const options =
      name === 'openai-vit' ? { ...describedVitOptions(weights, OPENAI), headCount: 2 } : undefined;
    const encoder = await loadClipEncoder(weights, {}, options);
    expect(encoder.preprocessing).toMatchObject({
      imageSize: 12,
      cropRounding: name === 'hugging-face' ? 'floor' : 'half-even',
      ...(name === 'open-clip' && { mean: [0.5, 0.4, 0.3], standardDeviation: [0.25, 0.3, 0.35] }),
    });
    tf.tidy(() => {
      const { injection, recorded } = recordInsertionPoints(encoder.insertionPoints);
      const { pooled, tokens } = encoder.encode(expected('pixels') as Tensor4D, { injection });
      expect(relativeError(pooled, expected('pooled'))).toBeLessThan(PRECISION);
      expect(relativeError(tokens, expected('tokens'))).toBeLessThan(PRECISION);
      compare('vision', recorded, 8);
    });
    encoder.dispose();
  });

  test('in the text tower', async () => {
    const encoder = await loadClipTextEncoder(weights);
    tf.tidy(() => {
      const blocks = name === 'hugging-face' ? 2 : 1;
      const { injection, recorded } = recordInsertionPoints(transformerInsertionPoints(blocks, 32));
      const ids = tf.cast(expected('ids') as Tensor2D, 'int32');
      const pooled = encoder.encodeText(ids, expected('mask') as Tensor2D, { injection });
      expect(relativeError(pooled, expected('textPooled'))).toBeLessThan(PRECISION);
      compare('text', recorded, 4 * blocks);
    });
    encoder.dispose();
  });
});

test('what does not fit is refused in one error', async () => {
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const without: PublishedWeights = {
    ...weights,
    has: (name) =>
      name !== 'visual_projection.weight' && name !== 'vision_model.post_layernorm.bias' && weights.has(name),
    tensorNames: [...weights.tensorNames, 'vision_model.head.weight'],
  };
  await expect(loadClipEncoder(without)).rejects.toThrow(
    /2 missing: vision_model.post_layernorm.bias, visual_projection.weight\n.*unexpected: vision_model.head.weight/s,
  );
  const config = { vision_config: { hidden_act: 'mish' } };
  await expect(loadClipEncoder({ ...weights, config })).rejects.toThrow(
    /hidden_act is "mish"; only quick_gelu or gelu /,
  );
  const preprocessorConfig = { resample: 9, size: { longest_edge: 12 }, crop_size: 10 };
  await expect(loadClipEncoder({ ...weights, preprocessorConfig })).rejects.toThrow(
    /size is \{"longest_edge":12\}.*crop_size is 10; the weights are for 12.*resample is 9/,
  );
  const empty = { ...weights, has: () => false };
  await expect(loadClipEncoder(empty)).rejects.toThrow(/holds no CLIP vision transformer/);
  await expect(loadClipTextEncoder(empty)).rejects.toThrow(/holds no CLIP text tower/);
  await weights.close();
});

test('what a description leaves out is what its library takes, and older sections count first', () => {
  const weights = (config: Record<string, unknown>, width = 96): WeightsDescription => ({
    name: 'clip',
    files: [],
    config,
    tensorNames: [],
    has: (name) => name === 'vision_model.embeddings.patch_embedding.weight',
    info: (name) => ({ name, dtype: 'F32', shape: [width, 3, 8, 8] }),
  });
  const heads = (config: Record<string, unknown>, width?: number) =>
    describedVitOptions(weights(config, width), HUGGING_FACE).headCount;
  expect(heads({}, 128)).toBe(2); // nothing is described: 64 wide, as OpenAI's
  expect(heads({ model_type: 'clip', vision_config: {} })).toBe(12);
  expect(heads({ model_type: 'clip', vision_config: { num_attention_heads: 8 } })).toBe(8);
  const older = { num_attention_heads: 4, hidden_act: 'gelu' };
  const both = { model_type: 'clip', vision_config: { num_attention_heads: 8 }, vision_config_dict: older };
  expect(describedVitOptions(weights(both), HUGGING_FACE)).toMatchObject({
    headCount: 4,
    activation: 'exact-gelu',
  });
  const openClip = { model_cfg: { vision_cfg: { no_ln_pre: true, timm_model_name: 'x', pool_type: 'tok' } } };
  expect(() => describedVitOptions(weights(openClip), OPENAI)).toThrow(
    /timm_model_name is "x".*no_ln_pre is true/,
  );
});

test('an open_clip description that contradicts its tensors is refused by field', async () => {
  const weights = await openPublishedWeights(join(folder, 'open-clip'));
  const { vision_cfg, ...model } = weights.config.model_cfg as Record<string, Record<string, unknown>>;
  const options = (fields: Record<string, unknown>, top: Record<string, unknown> = {}) => {
    const config = { model_cfg: { ...model, ...top, vision_cfg: { ...vision_cfg, ...fields } } };
    return () => describedVitOptions({ ...weights, config }, OPENAI);
  };
  expect(options({ image_size: [12, 12], block_type: null })()).toMatchObject({
    imageSize: 12,
    headCount: 4,
  });
  expect(options({ image_size: 16 })).toThrow(/image_size is 16; the weights have 12/);
  expect(options({ layers: 3, mlp_ratio: 4 })).toThrow(/layers is 3; the weights have 2.*mlp_ratio is 4/);
  expect(options({ head_width: 12 })).toThrow(/head_width is 12, which does not divide the width, 32/);
  expect(options({ qk_norm: true, block_type: 'custom' })).toThrow(/block_type is "custom".*qk_norm is true/);
  expect(options({}, { quick_gelu: 'yes' })).toThrow(/quick_gelu is "yes"/);
  await weights.close();
});

test.each([
  ['vit', 'open-clip'],
  ['vit', 'hugging-face'],
  ['resnet', 'openai-resnet.pt'],
] as const)('described options of a %s in %s build what is built without options', async (tower, path) => {
  const { describe: describeWeights, load, optionsSchema } = plugin.encoders[tower];
  const weights = await openPublishedWeights(join(folder, path));
  const options = optionsSchema.parse(await describeWeights(weights));
  const encoders = [await load(weights, {}), await load(weights, {}, options as never)];
  await weights.close();
  const [left, right] = encoders.map((encoder) => {
    const { preprocessing, tokenCount } = encoder;
    const side = preprocessing.imageSize;
    const pooled = tf.tidy(() => encoder.encode(tf.ones([1, side, side, 3]) as Tensor4D).pooled.dataSync());
    const values = encoder.parameters().map(({ name, variable }) => [name, variable.dataSync()]);
    encoder.dispose();
    return { preprocessing, tokenCount, values, pooled };
  });
  expect(right).toEqual(left);
});

test('a text tower is described alike, and other weights are refused', async () => {
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const { describe: describeWeights, load } = plugin.textEncoders.text;
  const options = describeWeights(weights);
  expect(options).toMatchObject({ vocabularySize: 40, contextLength: 12, width: 32, headCount: 2 });
  const encoder = await load(weights, {}, options as never);
  expect(encoder.pooledSize).toBe(12);
  encoder.dispose();
  await weights.close();
  const empty = { ...weights, has: () => false };
  expect(() => plugin.encoders.vit.describe(empty)).toThrow(/holds no CLIP vision transformer/);
  expect(() => plugin.encoders.resnet.describe(weights)).toThrow(/holds no CLIP residual network/);
  expect(() => describeWeights(empty)).toThrow(/holds no CLIP text tower/);
});
