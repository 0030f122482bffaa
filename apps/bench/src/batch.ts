import { startEngine } from '@eim/engine';
import { loadLlama } from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
const [engine, threads, file, compute='exact', counts='1,2,4,8,16,32'] = process.argv.slice(2);
await startEngine({ engine: engine as any, threads: Number(threads) });
const weights = await openPublishedWeights(file!);
const model = await loadLlama(weights, { frozen: true, compute: compute as any });
for (const B of counts.split(',').map(Number)) {
  const prompt = Array.from({length: B}, (_, b) => Array.from({ length: 100 }, (_, i) => 300 + ((i * 7919 + b * 13) % 40_000)));
  const embeddings = tf.tidy(() => model.embed(tf.tensor2d(prompt, [B, 100], 'int32')));
  const at: number[] = [];
  for await (const _ of model.generate({ embeddings, maxNewTokens: 24, stopTokens: [] })) at.push(performance.now());
  const d = at.slice(1).map((t, i) => t - at[i]!).sort((a, b) => a - b);
  console.log(`${engine} ${threads} ${compute} B=${B} fastest ${d[1]!.toFixed(1)} median ${d[d.length>>1]!.toFixed(1)} ms -> ${(1000*B/d[1]!).toFixed(0)} tok/s`);
}
process.exit(0);
