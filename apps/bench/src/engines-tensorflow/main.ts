// Run from the repository's root, after `npm run setup` and `npx eim engine install node`:
//   EIM_PYTHON=a-python-with-torch npm run bench -- engines-tensorflow [samples]
import { availableParallelism, cpus, loadavg } from 'node:os';
import { runTensorFlowBenchmark } from './run-tensorflow-benchmark.js';

/** PyTorch's time is 1; decoding is wanted at least as fast. */
const WANTED: Readonly<Record<string, string>> = {
  'step eager': 'at most 1.6, aim 1.3',
  'step recorded': 'at most 1.2, aim below 1.0',
  'encode eager': 'at most 1.2, aim below 1.0',
  'decode recorded': 'at most 1.0, aim 0.5',
};

const [samples = '10'] = process.argv.slice(2);
const threads = availableParallelism();
const machine = `node ${process.version} on ${cpus()[0]?.model ?? 'an unknown processor'}, ${threads} threads`;
const python = process.env.EIM_PYTHON;
if (!python) {
  console.error('Name a Python that has PyTorch in EIM_PYTHON; it is the other side of every row.');
  process.exit(2);
}
const before = loadavg()[0]!;
const note = (line: string) => console.error(line);
const rows = await runTensorFlowBenchmark({ python, samples: Number(samples), threads, note });
console.log(`\n${machine}; load ${before.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`);
for (const { work, side, seconds, torchSeconds, ratio, range, samples } of rows) {
  const [low, high] = range.map((value) => value.toFixed(2));
  console.log(
    `${`${work} ${side}`.padEnd(16)} ${seconds.toFixed(4)} s, PyTorch ${torchSeconds.toFixed(4)} s; ratio ${ratio.toFixed(2)} ` +
      `(${low} to ${high}, ${samples} samples; ${WANTED[`${work} ${side}`] ?? 'for comparison'})`,
  );
}
