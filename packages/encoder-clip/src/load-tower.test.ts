import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadClipEncoder, loadClipTextEncoder } from './load-clip.js';
import { hasClipTextTower, recogniseClip } from './weights/clip-naming.js';
import { describedVitOptions } from './weights/described-vit-options.js';

const PRECISION = 1e-4;

beforeAll(() => startEngine({ engine: 'wasm' }));

describe.each(['4', '5'])('towers that version %s of transformers saved alone', (version) => {
  const folder = join(import.meta.dirname, `__fixtures__/towers-${version}`);
  const readExpected = async () => {
    const { tensors } = await readSafetensorsFile(join(folder, 'expected.safetensors'));
    return (name: string) => {
      const { data, shape } = tensors.get(name)!;
      return tf.tensor(data as Float32Array, [...shape]);
    };
  };

  test.each([
    ['vision', 16],
    ['vision-projected', 6],
  ])('%s', async (name, pooledSize) => {
    const expected = await readExpected();
    const weights = await openPublishedWeights(join(folder, name));
    expect(recogniseClip('vit')(weights)).toBe(true);
    expect(hasClipTextTower(weights)).toBe(false);
    const encoder = await loadClipEncoder(weights);
    expect(encoder.pooledSize).toBe(pooledSize);
    tf.tidy(() => {
      const { pooled, tokens } = encoder.encode(expected('pixels') as Tensor4D);
      expect(relativeError(pooled, expected(`${name}.pooled`))).toBeLessThan(PRECISION);
      expect(relativeError(tokens, expected(`${name}.tokens`))).toBeLessThan(PRECISION);
    });
    encoder.dispose();
    await weights.close();
  });

  test.each([
    ['text', 16],
    ['text-projected', 6],
  ])('%s', async (name, pooledSize) => {
    const expected = await readExpected();
    const weights = await openPublishedWeights(join(folder, name));
    expect(recogniseClip('vit')(weights)).toBe(false);
    expect(hasClipTextTower(weights)).toBe(true);
    const encoder = await loadClipTextEncoder(weights);
    expect(encoder.pooledSize).toBe(pooledSize);
    tf.tidy(() => {
      const ids = tf.cast(expected('ids') as Tensor2D, 'int32');
      const pooled = encoder.encodeText(ids, expected('mask') as Tensor2D);
      expect(relativeError(pooled, expected(`${name}.pooled`))).toBeLessThan(PRECISION);
    });
    encoder.dispose();
    await weights.close();
  });

  test('a projection that a description names and the file lacks is missing', async () => {
    const weights = await openPublishedWeights(join(folder, 'vision'));
    const described = (config: Record<string, unknown>): PublishedWeights => ({ ...weights, config });
    const { hidden_act, layer_norm_eps, num_attention_heads } = weights.config;
    const rest = { hidden_act, layer_norm_eps, num_attention_heads };
    const whole = described({ ...rest, architectures: ['CLIPVisionModelWithProjection'] });
    await expect(loadClipEncoder(whole)).rejects.toThrow(/1 missing: visual_projection\.weight/);
    const clip = described({ model_type: 'clip', vision_config: rest });
    await expect(loadClipEncoder(clip)).rejects.toThrow(/1 missing: visual_projection\.weight/);
    const bare = await loadClipEncoder(described({ ...rest, model_type: 'clip_vision_model' }));
    expect(bare.pooledSize).toBe(16);
    bare.dispose();
    await weights.close();
  });

  test('a description that contradicts its tensors is refused by field', async () => {
    const weights = await openPublishedWeights(join(folder, 'vision'));
    const layout = { naming: 'hugging-face', prefix: version === '5' ? '' : 'vision_model.' } as const;
    const options = (fields: Record<string, unknown>) => () =>
      describedVitOptions({ ...weights, config: { ...weights.config, ...fields } }, layout);
    expect(options({ image_size: [12, 12], patch_size: [4, 4] })()).toMatchObject({ imageSize: 12 });
    expect(options({ image_size: 16 })).toThrow(/image_size is 16; the weights have 12/);
    expect(options({ image_size: [12, 16] })).toThrow(/image_size is \[12,16\]; the weights have 12/);
    expect(options({ num_hidden_layers: 2 })).toThrow(/num_hidden_layers is 2; the weights have 1/);
    expect(options({ intermediate_size: 64, hidden_size: 32 })).toThrow(
      /hidden_size is 32.*intermediate_size/,
    );
    expect(options({ num_channels: 1 })).toThrow(/num_channels is 1/);
    expect(options({ num_attention_heads: 3 })).toThrow(/num_attention_heads is 3, which does not divide/);
    expect(options({ num_attention_heads: null })).toThrow(/num_attention_heads is null/);
    expect(options({ hidden_act: null })).toThrow(/hidden_act is null/);
    expect(options({ layer_norm_eps: '1e-5' })).toThrow(/layer_norm_eps is "1e-5", not a number/);
    await weights.close();
    const projected = await openPublishedWeights(join(folder, 'vision-projected'));
    const other = { ...projected, config: { ...projected.config, projection_dim: 7 } };
    await expect(loadClipEncoder(other)).rejects.toThrow(/projection_dim is 7; the weights have 6/);
    await projected.close();
  });
});

test('of two sections the older counts alone, its gaps filled with the library’s defaults', async () => {
  const weights = await openPublishedWeights(join(import.meta.dirname, '__fixtures__/towers-4/vision'));
  const layout = { naming: 'hugging-face', prefix: 'vision_model.' } as const;
  const options = (config: Record<string, unknown>) => describedVitOptions({ ...weights, config }, layout);
  const newer = { hidden_act: 'gelu', num_attention_heads: 4, layer_norm_eps: 1e-3 };
  const both = { model_type: 'clip', vision_config: newer, vision_config_dict: { num_attention_heads: 2 } };
  expect(options(both)).toMatchObject({ headCount: 2, activation: 'quick-gelu', normEpsilon: 1e-5 });
  const alone = { model_type: 'clip_vision_model', num_attention_heads: 2, vision_config: newer };
  expect(options(alone)).toMatchObject({ headCount: 2, activation: 'quick-gelu' });
  const outside = { model_type: 'clip', num_attention_heads: 2, hidden_act: 'gelu' };
  expect(() => options(outside)).toThrow(/num_attention_heads is 12, which does not divide hidden_size, 16/);
  await weights.close();
});
