// Run from the repository's root, after `npm run setup`:
//   npm run bench -- feature-cache [--pictures N] [--epochs N] [--pairs N] [--engine NAME] [--threads N]
import { parseArgs } from 'node:util';
import { type EngineName, startEngine } from '@eim/engine';
import { median } from '../engine-step/median.js';
import { FROZEN_SEGMENTS } from './frozen-segments.js';
import { runFeatureCacheBenchmark } from './run-feature-cache-benchmark.js';

/** Times faster that an epoch of a segment with a frozen encoder is to be where nothing but the ST runs behind it. */
const WANTED = 5;

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '1024' },
    epochs: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '3' },
    engine: { type: 'string', default: 'wasm' },
    threads: { type: 'string' },
  },
});
const [pictures, epochs, pairs] = [values.pictures, values.epochs, values.pairs].map(Number) as [
  number,
  number,
  number,
];
const { name, threads } = await startEngine({
  engine: values.engine as EngineName,
  ...(values.threads !== undefined && { threads: Number(values.threads) }),
});
console.log(
  `${pictures} drawn scenes, CLIP tiny, GPT-2 tiny; ${name}, ${threads} thread(s); seconds an epoch, ${pairs} interleaved pairs`,
);
for (const [label, segment] of Object.entries(FROZEN_SEGMENTS)) {
  const times = await runFeatureCacheBenchmark(segment, { pictures, epochs, pairs });
  const ratios = times.map(({ off, cached }) => off / cached);
  const of = (choose: (pair: (typeof times)[number]) => number) => median(times.map(choose)).toFixed(2);
  console.log(
    `${label}: ${of(({ off }) => off)} without, ${of(({ cached }) => cached)} with the cache; ` +
      `${median(ratios).toFixed(2)} times faster (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}); ` +
      `${of(({ filling }) => filling)} to fill it, once; same weights to the bit`,
  );
  if (label === 'align' && median(ratios) < WANTED) {
    console.log(`That is less than ${WANTED}.`);
    process.exitCode = 1;
  }
}
