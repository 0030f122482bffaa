// Run from the repository's root, after `npm run setup`: npm run bench -- engines [--pairs N] [--threads N] [--processor]
// EIM_PYTHON names a Python with PyTorch; without it the rows against PyTorch are left out.
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startStockProcess } from '../engine-step/stock-process.js';
import { type LineProcess, startLineProcess } from '../engines-tensorflow/line-process.js';
import { interleavedRatios, type Ratios, type Side } from './interleaved-ratios.js';
import { processorSeconds } from './processor-seconds.js';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    processor: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const pairs = Number(values.pairs);
/** Seconds of a work; with `--processor`, of processor time, which other programs disturb less: for one thread. */
const work =
  (side: LineProcess, name: string): Side =>
  async () => {
    const before = values.processor ? processorSeconds(side.pid) : undefined;
    const { seconds } = await side.ask<{ seconds: number }>({ work: name });
    return before === undefined ? seconds : processorSeconds(side.pid)! - before;
  };

const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').trim();
console.log(
  `node ${process.version} on ${cpus()[0]?.model}, ${cpus().length} cores; flags: ${flags || 'none'}`,
);
const worker = fileURLToPath(new URL('./wasm-worker.ts', import.meta.url));
const wasm = await startLineProcess(process.execPath, [...process.execArgv, worker, values.threads]);
console.log(`wasm: ${wasm.ready}; ${values.processor ? 'processor time' : 'time by the clock'}`);

function report(
  name: string,
  { firstSeconds, secondSeconds, ratio, quartiles }: Ratios,
  wanted: string,
): void {
  const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
  console.log(
    `${name}: ${ratio.toFixed(2)} (quartiles ${quartiles.map((value) => value.toFixed(2)).join(' to ')}; ${wanted}), ` +
      `medians ${milliseconds(firstSeconds)} and ${milliseconds(secondSeconds)}, load ${loadavg()[0]!.toFixed(1)}`,
  );
}

try {
  const python = process.env.EIM_PYTHON;
  if (python) {
    const script = fileURLToPath(new URL('../../../../tools/reference/engine_speed.py', import.meta.url));
    const torch = await startLineProcess(python, [script, values.threads]);
    console.log(`against ${torch.ready}`);
    const step = await interleavedRatios(work(torch, 'step'), work(wasm, 'step'), pairs);
    report('step, wasm to PyTorch', step, 'at most 3.0 wanted');
    // Some 20 ms each: many are over before V8 has compiled what they run.
    const decode = await interleavedRatios(work(wasm, 'decode'), work(torch, 'decode'), 3 * pairs, 2 * pairs);
    report('decode, tokens/s of wasm to PyTorch', decode, 'at least 1.0 wanted');
    torch.stop();
  } else {
    console.log('PyTorch: not measured, EIM_PYTHON does not name a Python that has it.');
  }
  if (!values.processor) {
    const stock = await startStockProcess();
    const stockStep: Side = async () => (await stock.step()).seconds;
    const step = await interleavedRatios(work(wasm, 'step'), stockStep, pairs, 1);
    report('step, stock TensorFlow.js to wasm', step, 'at least 12 wanted');
    stock.stop();
  }
} finally {
  wasm.stop();
}
