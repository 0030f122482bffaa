import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageEncoder, Tensor2D, Tensor4D } from '@eim/contracts/model';
import { answerAll } from '@eim/core';
import { loadEfficientNetEncoder } from '@eim/encoder-efficientnet';
import { loadMobileNetEncoder } from '@eim/encoder-mobilenet';
import { preprocess } from '@eim/images';
import { readPicture } from '@eim/images/node';
import { loadLlama } from '@eim/llm-llama';
import { openTokenizer } from '@eim/tokenizers/node';
import { floatValues, type WeightTensor } from '@eim/weights';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';

export interface Finding {
  readonly line: string;
  readonly equal: boolean;
}

/** What published models with real weights give; nothing where they are not there. */
export async function publishedModels(data: string): Promise<Finding[]> {
  const weights = join(data, 'weights');
  if (!existsSync(weights)) return [];
  return [await story(weights), ...(await probabilities(join(weights, 'mobilenet-v2')))];
}

async function story(folder: string): Promise<Finding> {
  const file = await openPublishedWeights(join(folder, 'stories260K.bin'));
  const tokenizer = await openTokenizer(join(folder, 'stories260K_tok512.bin'));
  const model = await loadLlama(file, { tokenizer });
  await file.close();
  const [answer] = await answerAll({ llm: model }, [{ ids: [1] }], { tokenizer, maxNewTokens: 200 });
  const { text } = answer!;
  model.dispose();
  const published = readFileSync(join(folder, 'stories260K_greedy_200.txt'), 'utf8');
  const equal = `${text}\n` === published;
  return {
    line: `stories260K: 200 greedy tokens ${equal ? 'are' : 'are NOT'} the published text, byte for byte.`,
    equal,
  };
}

/** An image encoder with the classifier that was published in the same file. */
interface Classifier {
  readonly name: string;
  readonly encoder: ImageEncoder;
  /** `[classes, 1280]` */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  /** Who gives the probabilities. */
  readonly source: string;
  /** Label and probability by picture. */
  readonly published: readonly (readonly [picture: string, label: string, probability: string])[];
}

/** The encoders' pooled vectors, read by the published classifiers. */
async function probabilities(folder: string): Promise<Finding[]> {
  const classifiers = [await mobileNet(folder), ...(await efficientNets())];
  const findings: Finding[] = [];
  for (const { name, encoder, kernel, bias, source, published } of classifiers) {
    for (const [picture, label, probability] of published) {
      const side = encoder.preprocessing.imageSize;
      const pixels = preprocess(await readPicture(join(folder, picture)), encoder.preprocessing);
      const best = tf.tidy(() => {
        const { pooled } = encoder.encode(tf.tensor(pixels, [1, side, side, 3]) as Tensor4D);
        const weight = tf.tensor2d(kernel, [bias.length, 1280]);
        const logits = tf.matMul(pooled, weight, false, true) as Tensor2D;
        return Math.max(...tf.softmax(tf.add(logits, tf.tensor1d(bias)) as Tensor2D).dataSync());
      });
      const line = `${name}: "${label}" ${best.toFixed(5)}; ${source} ${probability}.`;
      findings.push({ line, equal: best.toFixed(3) === probability });
    }
    encoder.dispose();
  }
  return findings;
}

async function mobileNet(folder: string): Promise<Classifier> {
  const file = await openPublishedWeights(join(folder, 'mobilenet_v2_1.0_224.folded.f32.safetensors'));
  const classifier = {
    name: 'MobileNetV2 1.0/224',
    source: 'published',
    encoder: await loadMobileNetEncoder(file),
    kernel: floatValues((await file.read('63.w')) as WeightTensor),
    bias: floatValues((await file.read('63.b')) as WeightTensor),
    published: [
      ['cat.bmp', 'Egyptian cat', '0.818'],
      ['grace_hopper.bmp', 'military uniform', '0.910'],
    ],
  } as const;
  await file.close();
  return classifier;
}

/** Those whose files lie in the folder that EIM_EFFICIENTNET names. */
async function efficientNets(): Promise<Classifier[]> {
  const folder = process.env.EIM_EFFICIENTNET;
  if (!folder) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found: Classifier[] = [];
  for (const [variant, cat, hopper] of [
    ['lite0', ['Egyptian cat', '0.506'], ['military uniform', '0.377']],
    ['lite2', ['Egyptian cat', '0.427'], ['suit, suit of clothes', '0.124']],
  ] as const) {
    const path = files.find((name) => new RegExp(`efficientnet-${variant}-\\w+\\.pth$`).test(name));
    if (path === undefined) continue;
    const file = await openPublishedWeights(join(folder, path));
    found.push({
      name: `EfficientNet-${variant[0]!.toUpperCase()}${variant.slice(1)}`,
      source: 'efficientnet_lite_pytorch gives',
      encoder: await loadEfficientNetEncoder(file),
      kernel: floatValues((await file.read('_fc.weight')) as WeightTensor),
      bias: floatValues((await file.read('_fc.bias')) as WeightTensor),
      published: [
        ['cat.bmp', ...cat],
        ['grace_hopper.bmp', ...hopper],
      ],
    });
    await file.close();
  }
  return found;
}
