import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import { answerAll } from '@eim/core';
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

/** The encoder's pooled vector, read by the published classifier. */
async function probabilities(folder: string): Promise<Finding[]> {
  const file = await openPublishedWeights(join(folder, 'mobilenet_v2_1.0_224.folded.f32.safetensors'));
  const encoder = await loadMobileNetEncoder(file);
  const kernel = floatValues((await file.read('63.w')) as WeightTensor);
  const bias = floatValues((await file.read('63.b')) as WeightTensor);
  await file.close();
  const findings: Finding[] = [];
  for (const [picture, label, published] of [
    ['cat.bmp', 'Egyptian cat', '0.818'],
    ['grace_hopper.bmp', 'military uniform', '0.910'],
  ] as const) {
    const pixels = preprocess(await readPicture(join(folder, picture)), encoder.preprocessing);
    const best = tf.tidy(() => {
      const { pooled } = encoder.encode(tf.tensor(pixels, [1, 224, 224, 3]) as Tensor4D);
      const logits = tf.matMul(pooled, tf.tensor2d(kernel, [1001, 1280]), false, true) as Tensor2D;
      return Math.max(...tf.softmax(tf.add(logits, tf.tensor1d(bias)) as Tensor2D).dataSync());
    });
    const line = `MobileNetV2 1.0/224: "${label}" ${best.toFixed(5)}; published ${published}.`;
    findings.push({ line, equal: best.toFixed(3) === published });
  }
  encoder.dispose();
  return findings;
}
