import { join } from 'node:path';
import type { Tensor4D } from '@eim/contracts/model';
import { loadMobileNetEncoder } from '@eim/encoder-mobilenet';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import type { AccuracyRow } from './accuracy-table.js';
import { fixtureFolder, readExpected } from './expected-tensors.js';

/** MobileNetV2 with its batch norms folded as they are read. */
export async function mobileNetAccuracy(): Promise<AccuracyRow> {
  const folder = fixtureFolder('encoder-mobilenet');
  const expected = await readExpected(join(folder, 'expected.safetensors'));
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const encoder = await loadMobileNetEncoder(weights);
  await weights.close();
  let layers = 0;
  const results: Record<string, number> = {};
  tf.tidy(() => {
    const encoded = encoder.encode(expected('pixels') as Tensor4D, { hiddenLayers: [5] });
    layers = relativeError(encoded.hidden!.get(5)!, expected('block5'));
    results.pooled = relativeError(encoded.pooled, expected('pooled'));
    results.tokens = relativeError(encoded.tokens, expected('tokens'));
    tf.dispose([...encoded.hidden!.values()]);
  });
  encoder.dispose();
  return {
    model: 'MobileNetV2',
    files: 'Hugging Face’s folder',
    original: 'transformers',
    layers,
    results,
  };
}
