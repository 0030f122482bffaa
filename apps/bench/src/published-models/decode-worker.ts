// One model in a process of its own: `decode-worker.ts ENGINE|llama.cpp floats|blocks|fast THREADS CONTEXT FILE [PROJECT]`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startEngine } from '@eim/engine';
import { loadLlama } from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
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

/** The part of node-llama-cpp that is called. */
interface LlamaCpp {
  getLlama(options: { gpu: false; build: 'never'; maxThreads: number }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      createContext(options: { contextSize: number; threads: number }): Promise<{
        getSequence(): {
          evaluate(tokens: number[], options: { temperature: number }): AsyncIterable<number>;
        };
      }>;
    }>;
  }>;
}

async function llamaCpp(): Promise<Decoding> {
  const resolved = createRequire(join(project!, 'package.json')).resolve('node-llama-cpp');
  const { getLlama } = (await import(pathToFileURL(resolved).href)) as LlamaCpp;
  const started = performance.now();
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: Number(threads) });
  const model = await llama.loadModel({ modelPath: file! });
  const running = await model.createContext({ contextSize: 1024, threads: Number(threads) });
  const loaded = performance.now();
  const at: number[] = [performance.now()];
  for await (const _ of running.getSequence().evaluate(prompt, { temperature: 0 })) {
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
