/**
 * Kills a short run at random moments, goes on with it each time, and compares what it ends with with a run that nobody disturbed.
 * Exits 1 where a byte of the model differs, or where a run cannot be resumed. The run has all kinds of segments, or is LaVIN's
 * recipe, pictures and text alone.
 *
 *     node tools/check-faults.mjs [--run segments|lavin] [--kills 200] [--seed 1]
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './lib/console.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { seededRandom } from './lib/seeded-random.mjs';

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: 'segments' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const random = seededRandom(Number(values.seed));
const command = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
const folder = mkdtempSync(join(tmpdir(), 'eim-faults-'));

const all = (rate) =>
  `{ encoder: { select: full, learningRate: ${rate} }, st: { select: full, learningRate: ${rate} }, llm: { select: full, learningRate: ${rate} } }`;
const one = (part, rate = 3e-3, select = 'full') =>
  `{ ${part}: { select: ${select}, learningRate: ${rate} } }`;
const gate = (metric, direction, more = '') =>
  `gate: { metric: ${metric}, split: val, direction: ${direction}, tolerance: 1000${more} }`;

/** Every kind of objective, gate, selection and of what lies between steps. */
const SEGMENTS = [
  `name: words, learn: ${one('encoder')}, objective: { use: words, options: { minimumCount: 2 } }, ${gate('word-probe', 'max')}`,
  `name: contrast, learn: ${one('encoder')}, objective: contrastive, accumulate: 2, ${gate('neighbour-agreement', 'max', ', half: first')}`,
  `name: language, learn: ${one('llm', 3e-3, '{ lora: { rank: 2 } }')}, objective: language, ${gate('loss', 'min', ', interpolate: true')}`,
  `name: slots, learn: ${one('st')}, objective: { use: slot-words, options: { minimumCount: 2 } }, data: { split: train, augment: [colour-jitter], cachedViews: 2 }`,
  `name: align, learn: ${one('st')}, objective: embedding-alignment, ${gate('caption-probe', 'min', ', probe: { steps: 3, batchSize: 4, learningRate: 1e-3 }')}`,
  `name: undone, learn: ${one('st', 1)}, objective: caption, gate: { metric: loss, split: val, direction: min, tolerance: 0 }`,
  `name: bridge, learn: { st: { select: full, learningRate: 3e-3 }, llm: { select: norms, learningRate: 3e-3 } }, objective: caption, keepBest: { metric: loss, split: val, direction: min, every: 3 }`,
  `name: joint, learn: ${all(1e-3)}, objective: { use: caption, auxiliary: [{ use: words, weight: 0.3, options: { minimumCount: 2 } }] }, data: { split: train, augment: [zoom] }, checkpointActivations: true, ema: { decay: 0.9 }`,
  `name: retrieved, learn: ${all(1e-3)}, objective: { use: retrieved-captions, options: { retrieved: 0.5, nearest: 2 } }`,
  `name: drawn, learn: ${one('llm', 1e-4)}, objective: { use: self-critical, options: { reward: "@eim/benchmarks/cider" } }, batchSize: 2`,
];
/** LaVIN's router adapters in encoder and LLM, dropped channels, accumulated batches, rows of text among those with pictures. */
const LAVIN = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 4, headCount: 2, feedForwardSize: 32, pooledSize: 16 }
  st: { use: '@eim/st-adapters/lavin', preset: 7b, options: { projectionSize: 12 } }
  llm:
    use: '@eim/llm-llama'
    options: { hiddenSize: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, contextLength: 96 }
data:
  use: mixture
  of:
    - { use: scenes, seed: 3, train: 24, val: 4, test: 4 }
    - { use: questions, path: texts.jsonl, validationShare: 0 }
plan: { preset: lavin, steps: 12, batchSize: 6, learningRate: 0.02, warmupSteps: 2 }
training: { seed: 5, checkpointEvery: 2, maxTextLength: 60 }
evaluation: { maxNewTokens: 8 }
`;
const SEGMENTED = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, pooledSize: 16, residualDropout: 0.1 }
  st: { use: '@eim/st-adapters/linear', preset: tokens }
  llm:
    use: '@eim/llm-gpt2'
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 96, residualDropout: 0.1 }
data: { use: scenes, seed: 3, train: 40, val: 12, test: 4 }
plan:
  segments:
${SEGMENTS.map((segment) => `    - { ${segment.includes('data:') ? '' : 'data: train, '}${segment.includes('batchSize: 2') ? '' : 'batchSize: 4, '}until: { steps: 8 }, ${segment} }`).join('\n')}
training: { seed: 5, checkpointEvery: 2, maxTextLength: 60 }
evaluation: { maxNewTokens: 8 }
`;
const RUNS = { segments: SEGMENTED, lavin: LAVIN };
if (!Object.hasOwn(RUNS, values.run)) throw new Error(`--run is one of ${Object.keys(RUNS).join(', ')}`);
const texts = ['train', 'val', 'test'].flatMap((split) =>
  ['red', 'blue', 'green'].map((word) => ({ question: `Is ${word} a colour?`, answer: 'yes', split })),
);
writeFileSync(join(folder, 'texts.jsonl'), texts.map((row) => `${JSON.stringify(row)}\n`).join(''));
const config = join(folder, 'faults.yaml');
writeFileSync(config, RUNS[values.run]);

let killed = 0;
let runs = 0;
try {
  const whole = join(folder, 'whole');
  const undisturbed = await train(whole);
  if (undisturbed.code !== 0) throw new Error(`The run that nobody disturbs fails:\n${undisturbed.stderr}`);
  const expected = weights(whole);
  say(`Undisturbed: ${undisturbed.seconds.toFixed(1)} s. Killing at ${kills} random moments.`);
  while (killed < kills) {
    runs += 1;
    const run = join(folder, `run-${runs}`);
    await disturb(run, undisturbed.seconds);
    if (!weights(run).equals(expected))
      throw new Error(`Run ${runs} ended with other bytes than the undisturbed one.`);
    rmSync(run, { recursive: true });
    say(`${killed} of ${kills} kills; ${runs} ${runs === 1 ? 'run' : 'runs'} ended with the same bytes.`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (process.exitCode === 1) console.error(`Left for a look: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
if (process.exitCode !== 1) say(`${killed} passed, 0 failed`);

/** Trains to the end through as many kills as it takes. */
async function disturb(run, seconds) {
  for (;;) {
    const left = killed < kills ? random() * seconds * 1000 : undefined;
    const ended = await train(run, left);
    if (ended.signal === 'SIGKILL') killed += 1;
    else if (ended.code === 0) return;
    else
      throw new Error(`After ${killed} kills, a run could not go on (exit ${ended.code}):\n${ended.stderr}`);
  }
}

/** Starts a run or goes on with it. @param killAfter milliseconds; undefined: it may end */
async function train(run, killAfter) {
  const begun = performance.now();
  const words = existsSync(join(run, 'config.yaml'))
    ? ['train', '--resume', run]
    : ['train', config, '--out', run];
  const ended = await capture(process.execPath, [command, ...words, '--engine', 'wasm'], {
    cwd: folder,
    env: { EIM_CACHE: join(folder, 'cache') },
    killAfter,
  });
  return { ...ended, seconds: (performance.now() - begun) / 1000 };
}

function weights(run) {
  return readFileSync(join(run, 'model/model.safetensors'));
}
