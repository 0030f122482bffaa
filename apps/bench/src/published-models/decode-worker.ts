// One model in a process of its own: `decode-worker.ts ENGINE|llama.cpp floats|blocks|fast THREADS CONTEXT FILE [PROJECT]`.
import { startEngine } from '@eim/engine';
import { loadLlama } from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { openLlamaCpp } from '../llama-cpp/open-llama-cpp.js';
import type { Decoding } from './decoding.js';

const TOKENS = 48;
const [engine, held, threads, context, file, project] = process.argv.slice(2) as string[];
const prompt = Array.from({ length: Number(context) }, (_, index) => 300 + ((index * 7919) % 40_000));

async function ours(): Promise<Decoding> {
  const started = performance.now();
  await startEngine({ engine: engine as 'wasm' | 'node', threads: Number(threads) });
  const weights = await openPublishedWeights(file!);
  const model = await loadLlama(weights, {
    frozen: held !== 'floats',
    compute: held === 'fast' ? 'fast' : 'exact',
  });
  const loaded = performance.now();
  const embeddings = tf.tidy(() => model.embed(tf.tensor2d([prompt], [1, prompt.length], 'int32')));
  const at: number[] = [performance.now()];
  for await (const _ of model.generate({ embeddings, maxNewTokens: TOKENS, stopTokens: [] }))
    at.push(performance.now());
  return measured(loaded - started, at);
}

async function llamaCpp(): Promise<Decoding> {
  const started = performance.now();
  const model = await openLlamaCpp(project!, file!, { threads: Number(threads), contextSize: 1024 });
  const loaded = performance.now();
  const at: number[] = [performance.now()];
  for await (const _ of model.greedy(prompt)) {
    at.push(performance.now());
    if (at.length > TOKENS) break;
  }
  return measured(loaded - started, at);
}

function measured(loadMilliseconds: number, at: readonly number[]): Decoding {
  return {
    loadMilliseconds,
    promptMilliseconds: at[1]! - at[0]!,
    tokensPerSecond: (1000 * (at.length - 2)) / (at.at(-1)! - at[1]!),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

console.log(JSON.stringify(engine === 'llama.cpp' ? await llamaCpp() : await ours()));
process.exit(0);
