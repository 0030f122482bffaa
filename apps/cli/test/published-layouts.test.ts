import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import clip from '@eim/encoder-clip';
import { startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import sts from '@eim/st-adapters';
import { openTokenizer } from '@eim/tokenizers/node';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { writePublishedClip, writePublishedClipCapMlp, writePublishedGpt2 } from './published-layouts.js';
import { scratchFolder } from './run-eim.js';

const folder = scratchFolder();
beforeAll(() => startEngine({ engine: 'wasm' }));

test('small folders in the published layouts load, join and predict', async () => {
  await writePublishedClip(join(folder, 'clip'));
  const vocabularySize = await writePublishedGpt2(join(folder, 'gpt2'));
  await writePublishedClipCapMlp(join(folder, 'clipcap.safetensors'));
  const open = (name: string) => openPublishedWeights(join(folder, name));
  const [pictures, language, mapper] = [
    await open('clip'),
    await open('gpt2'),
    await open('clipcap.safetensors'),
  ];
  const { vit, resnet } = clip.encoders;
  expect([vit.recognise(pictures), resnet.recognise(pictures)]).toEqual([true, false]);
  expect(gpt2.languageModels.gpt2.recognise(language)).toBe(true);
  const mlp = sts.semanticTransforms['clipcap-mlp'];
  expect(mlp.recognise(mapper)).toBe(true);

  const encoder = await vit.load(pictures, {});
  expect(encoder.preprocessing).toMatchObject({ imageSize: 16, cropRounding: 'floor' });
  const tokenizer = await openTokenizer(join(folder, 'gpt2'));
  expect(tokenizer.vocabularySize).toBe(vocabularySize);
  expect(vocabularySize).toBeGreaterThan(270); // merges were learnt
  expect(tokenizer.specialTokens).toEqual({ end: vocabularySize - 1, pad: vocabularySize - 1 });
  const ids = tokenizer.encode('a red circle');
  expect(tokenizer.decode(ids)).toBe('a red circle');
  expect(ids.length).toBeLessThan(12);
  const llm = await gpt2.languageModels.gpt2.load(language, { tokenizer });
  expect(llm).toMatchObject({ vocabularySize, hiddenSize: 16, blockCount: 2, contextLength: 96 });
  expect(llm.stopTokens).toEqual([vocabularySize - 1]);
  const st = await mlp.load(mapper, { encoder, llm });
  for (const weights of [pictures, language, mapper]) await weights.close();

  tf.tidy(() => {
    const { pooled } = encoder.encode(tf.ones([1, 16, 16, 3]));
    const modality = tf.ones([1], 'int32') as tf.Tensor1D;
    const { prefix } = st.transform({ pooled }, { batch: 1, modality, embed: (words) => llm.embed(words) });
    const { logits } = llm.forward(prefix!.embeddings);
    expect(logits.shape).toEqual([10, vocabularySize]);
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    expect(new Set(logits.dataSync()).size).toBeGreaterThan(vocabularySize);
  });
  for (const part of [encoder, st, llm]) part.dispose();
});

test('the same seed gives the same bytes, another gives others', async () => {
  const bytes = async (name: string, seed: number) => {
    await writePublishedClip(join(folder, name), { seed });
    return readFileSync(join(folder, name, 'model.safetensors'));
  };
  const first = await bytes('first', 5);
  expect((await bytes('second', 5)).equals(first)).toBe(true);
  expect((await bytes('third', 6)).equals(first)).toBe(false);
});
