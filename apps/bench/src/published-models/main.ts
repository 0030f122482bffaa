// Run from the repository's root, after `npm run setup`: npm run bench -- published-models GGUF [samples]
// EIM_LLAMA_CPP names a folder where node-llama-cpp 3.22.1 is installed (`npm i --ignore-scripts node-llama-cpp@3.22.1`).
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listEngines } from '@eim/engine';
import { median } from '../engine-step/median.js';
import type { Decoding } from './decoding.js';

const [file, samples = '10'] = process.argv.slice(2);
if (file === undefined) {
  console.error('Name a GGUF file of the LLaMA family: npm run bench -- published-models GGUF [samples]');
  process.exit(2);
}
const project = process.env.EIM_LLAMA_CPP;
const starting = (await listEngines()).filter(({ ok }) => ok).map(({ name }) => name);
const sides = [
  ...['wasm', 'node']
    .filter((engine) => starting.some((name) => name === engine))
    .flatMap((engine) => [`${engine} floats`, `${engine} blocks`, `${engine} fast`]),
  ...(project ? ['llama.cpp blocks'] : []),
];
if (!project) console.log('llama.cpp is left out: EIM_LLAMA_CPP names no folder with node-llama-cpp.');

async function run(side: string, threads: number, context: number): Promise<Decoding> {
  const worker = join(import.meta.dirname, 'decode-worker.ts');
  const rest = [String(threads), String(context), file!, ...(project ? [project] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import=tsx',
    worker,
    ...side.split(' '),
    ...rest,
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Decoding;
}

const spread = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return `${median(sorted).toFixed(1)} (${sorted[0]!.toFixed(1)} to ${sorted.at(-1)!.toFixed(1)})`;
};

for (const [threads, context] of [
  [1, 5],
  [2, 5],
  [1, 512],
  [2, 512],
] as const) {
  const runs = new Map<string, Decoding[]>(sides.map((side) => [side, []]));
  for (let sample = 0; sample < Number(samples); sample++) {
    for (const side of sides) runs.get(side)!.push(await run(side, threads, context));
  }
  console.log(
    `${threads} threads, a prompt of ${context} tokens, ${samples} interleaved samples: median (range)`,
  );
  for (const [side, all] of runs) {
    console.log(
      [
        side.padEnd(18),
        `${spread(all.map(({ tokensPerSecond }) => tokensPerSecond))} tokens/s`,
        `prompt ${spread(all.map(({ promptMilliseconds }) => promptMilliseconds))} ms`,
        `loading ${spread(all.map(({ loadMilliseconds }) => loadMilliseconds))} ms`,
        `peak ${spread(all.map(({ peakBytes }) => peakBytes / 1e6))} MB`,
      ].join('  '),
    );
  }
}
