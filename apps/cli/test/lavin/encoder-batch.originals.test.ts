import type { Tensor1D, Tensor2D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  CORRECTED,
  excess,
  isWithout,
  loadEncoder,
  loadLlm,
  loadTransform,
  originals,
  PUBLISHED,
  setConfig,
  statedOptions,
  WEIGHT_FILES,
} from './lavin-set.js';

const CLIP_BATCH = 'clip-batch.safetensors';
describe.skipIf(isWithout(...WEIGHT_FILES, CLIP_BATCH))('LaVIN’s encoder in batches', () => {
  test('each picture by itself, or as the first of its batch has it', async () => {
    await startEngine({ engine: 'wasm' });
    const wanted = await originals.tensors(CLIP_BATCH);
    const [encoder, llm] = [await loadEncoder(), await loadLlm()];
    const [temperature] = setConfig().temperatures;
    for (const [compat, names] of [
      [CORRECTED, { feats: 'feats.alone', tokens: 'tokens.alone', reversed: undefined }],
      [PUBLISHED, { feats: 'feats.batch', tokens: 'tokens.batch', reversed: 'feats.reversed_batch' }],
    ] as const) {
      const st = await loadTransform({ encoder, llm }, statedOptions(temperature!, compat));
      tf.tidy(() => {
        const pixels = wanted.pixels('images');
        const [batch] = pixels.shape;
        const context = {
          batch,
          modality: tf.ones([batch], 'int32') as Tensor1D,
          embed: (ids: Tensor2D) => llm.embed(ids),
        };
        const encoded = (pictures: tf.Tensor4D) =>
          encoder.encode(pictures, {
            injection: st.encoderInjection!(context)!,
            hiddenLayers: st.hiddenLayers!,
          });
        const featsOf = ({ hidden }: ReturnType<typeof encoded>) =>
          tf.concat(
            st.hiddenLayers!.map((block) => tf.slice(hidden!.get(block)!, [0, 0, 0], [-1, 1, -1])),
            1,
          );
        const features = encoded(pixels);
        expect(excess(featsOf(features).dataSync(), wanted.values(names.feats)), names.feats).toBeLessThan(1);
        const { embeddings } = st.transform(features, context).prefix!;
        const words = setConfig().prefix_img_ids.length;
        const tokens = tf.slice(embeddings, [0, 1 + words, 0], [-1, st.hiddenLayers!.length, -1]);
        expect(excess(tokens.dataSync(), wanted.values(names.tokens)), names.tokens).toBeLessThan(1);
        const reversed = featsOf(encoded(tf.reverse(pixels, 0)));
        // pictures come back in the order of their batch
        if (names.reversed) {
          expect(excess(reversed.dataSync(), wanted.values(names.reversed)), names.reversed).toBeLessThan(1);
        } else {
          expect(excess(tf.reverse(reversed, 0).dataSync(), wanted.values(names.feats))).toBeLessThan(1);
        }
      });
      st.dispose();
    }
    encoder.dispose();
    llm.dispose();
  });
});
