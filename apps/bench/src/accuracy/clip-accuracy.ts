import { join } from 'node:path';
import type { Injection, Tensor2D, Tensor4D } from '@eim/contracts/model';
import {
  type ClipEncoderOptionsInput,
  loadClipEncoder,
  loadClipResnetEncoder,
  loadClipTextEncoder,
} from '@eim/encoder-clip';
import { transformerInsertionPoints } from '@eim/nn';
import { recordInsertionPoints, relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import type { AccuracyRow } from './accuracy-table.js';
import { type ExpectedTensors, fixtureFolder, readExpected } from './expected-tensors.js';

const folder = fixtureFolder('encoder-clip');

/** Sizes of the fixture that OpenAI's file does not tell: so small a model cannot have heads of 64. */
const OPENAI_VIT: ClipEncoderOptionsInput = {
  imageSize: 12,
  patchSize: 4,
  width: 32,
  blockCount: 2,
  headCount: 2,
  feedForwardSize: 128,
  pooledSize: 12,
};

/** Layouts of CLIP, by their fixtures' names: what the files are, whose code computed, and blocks of the text tower. */
const LAYOUTS = {
  'openai-vit': { files: 'OpenAI’s TorchScript archive', original: 'open_clip', textBlocks: 1 },
  'open-clip': { files: 'open_clip’s folder, exact GELU', original: 'open_clip', textBlocks: 1 },
  'hugging-face': { files: 'Hugging Face’s folder', original: 'transformers', textBlocks: 2 },
} as const;

/** Both towers of a vision transformer, half block by half block. */
export async function clipVitAccuracy(kind: keyof typeof LAYOUTS): Promise<AccuracyRow> {
  const openai = kind === 'openai-vit';
  const { files, original, textBlocks } = LAYOUTS[kind];
  const expected = await readExpected(join(folder, `${kind}.expected.safetensors`));
  const weights = await openPublishedWeights(join(folder, openai ? 'openai-vit.pt' : kind));
  const image = await loadClipEncoder(weights, {}, openai ? OPENAI_VIT : undefined);
  const text = await loadClipTextEncoder(weights);
  await weights.close();
  const results: Record<string, number> = {};
  const vision = record(expected, 'vision', image.blockCount, (injection) => {
    const { pooled, tokens } = image.encode(expected('pixels') as Tensor4D, { injection });
    results.pooled = relativeError(pooled, expected('pooled'));
    results.tokens = relativeError(tokens, expected('tokens'));
  });
  const words = record(expected, 'text', textBlocks, (injection) => {
    const ids = tf.cast(expected('ids') as Tensor2D, 'int32');
    const pooled = text.encodeText(ids, expected('mask') as Tensor2D, { injection });
    results['text pooled'] = relativeError(pooled, expected('textPooled'));
  });
  image.dispose();
  text.dispose();
  return {
    model: 'CLIP ViT, both towers',
    files,
    original,
    layers: Math.max(vision, words),
    results,
  };
}

/** Runs a tower and compares what its insertion points saw. @returns the greatest relative error */
function record(
  expected: ExpectedTensors,
  side: string,
  blocks: number,
  run: (injection: Injection) => void,
): number {
  const { injection, recorded } = recordInsertionPoints(transformerInsertionPoints(blocks, 0));
  let worst = 0;
  tf.tidy(() => {
    run(injection);
    for (const [point, hidden] of recorded) {
      const original = expected(`${side}.${point}`);
      worst = Math.max(worst, relativeError(tf.reshape(hidden, original.shape), original));
    }
  });
  tf.dispose([...recorded.values()]);
  return worst;
}

/** The residual image tower, stage by stage. */
export async function clipResnetAccuracy(): Promise<AccuracyRow> {
  const expected = await readExpected(join(folder, 'openai-resnet.expected.safetensors'));
  const weights = await openPublishedWeights(join(folder, 'openai-resnet.pt'));
  const encoder = await loadClipResnetEncoder(weights);
  await weights.close();
  const lastBlocks = [1, 3, 4, 5]; // of the four stages
  let layers = 0;
  const results: Record<string, number> = {};
  tf.tidy(() => {
    const encoded = encoder.encode(expected('pixels') as Tensor4D, { hiddenLayers: lastBlocks });
    for (const [stage, block] of lastBlocks.entries()) {
      layers = Math.max(layers, relativeError(encoded.hidden!.get(block)!, expected(`layer${stage + 1}`)));
    }
    results.pooled = relativeError(encoded.pooled, expected('pooled'));
    results.tokens = relativeError(encoded.tokens, expected('layer4'));
    tf.dispose([...encoded.hidden!.values()]);
  });
  encoder.dispose();
  return {
    model: 'CLIP residual network',
    files: 'OpenAI’s TorchScript archive',
    original: 'open_clip',
    layers,
    results,
  };
}
