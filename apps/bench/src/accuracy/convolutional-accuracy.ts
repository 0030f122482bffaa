import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageEncoder, Tensor4D } from '@eim/contracts/model';
import { type EfficientNetOptionsInput, loadEfficientNetEncoder } from '@eim/encoder-efficientnet';
import { loadMobileNetEncoder } from '@eim/encoder-mobilenet';
import { relativeError } from '@eim/nn/testing';
import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import type { AccuracyRow } from './accuracy-table.js';
import { fixtureFolder, readExpected } from './expected-tensors.js';

/** A network whose batch norms are folded as they are read. */
interface ConvolutionalCase extends Pick<AccuracyRow, 'model' | 'files' | 'original'> {
  readonly packageFolder: string;
  readonly path: string;
  readonly expected: string;
  load(weights: OpenedWeights): Promise<ImageEncoder>;
}

const CASES: readonly ConvolutionalCase[] = [
  {
    model: 'MobileNetV2',
    files: 'Hugging Face’s folder',
    original: 'transformers',
    packageFolder: 'encoder-mobilenet',
    path: 'hugging-face',
    expected: 'expected.safetensors',
    load: (weights) => loadMobileNetEncoder(weights),
  },
  {
    model: 'EfficientNet-Lite',
    files: '`.pth`',
    original: 'efficientnet_lite_pytorch',
    packageFolder: 'encoder-efficientnet',
    path: 'narrow.pth',
    expected: 'narrow.expected.safetensors',
    load: (weights) => loadEfficientNetEncoder(weights, {}, narrowNetwork()),
  },
];

/** Convolutional encoders on the engine that runs. */
export async function convolutionalAccuracy(): Promise<AccuracyRow[]> {
  const rows: AccuracyRow[] = [];
  for (const { packageFolder, path, expected: file, load, ...names } of CASES) {
    const folder = fixtureFolder(packageFolder);
    const expected = await readExpected(join(folder, file));
    const weights = await openPublishedWeights(join(folder, path));
    const encoder = await load(weights);
    await weights.close();
    rows.push({ ...names, ...errorsOf(encoder, expected) });
    encoder.dispose();
  }
  return rows;
}

function errorsOf(
  encoder: ImageEncoder,
  expected: (name: string) => tf.Tensor,
): Pick<AccuracyRow, 'layers' | 'results'> {
  let layers = 0;
  const results: Record<string, number> = {};
  tf.tidy(() => {
    const encoded = encoder.encode(expected('pixels') as Tensor4D, { hiddenLayers: [5] });
    layers = relativeError(encoded.hidden!.get(5)!, expected('block5'));
    results.pooled = relativeError(encoded.pooled, expected('pooled'));
    results.tokens = relativeError(encoded.tokens, expected('tokens'));
    tf.dispose([...encoded.hidden!.values()]);
  });
  return { layers, results };
}

/** Sizes of the random EfficientNet-Lite, which its file does not tell. */
function narrowNetwork(): EfficientNetOptionsInput {
  return JSON.parse(readFileSync(join(fixtureFolder('encoder-efficientnet'), 'narrow.json'), 'utf8'));
}
