// Run from the repository's root, after `npm run setup`: npx tsx apps/bench/src/engine-step/main.ts [pairs]
import { cpus } from 'node:os';
import { runEngineStepBenchmark } from './run-engine-step-benchmark.js';

const pairs = Number(process.argv[2] ?? 5);
const report = await runEngineStepBenchmark(pairs, (line) => console.log(line));
const range = ([low, high]: readonly [number, number]): string => `${low.toFixed(2)} to ${high.toFixed(2)}`;
const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').trim();

console.log(`
A training step of a 3.7M-parameter language model, wasm, median of ${pairs} interleaved pairs
node ${process.version} on ${cpus()[0]?.model ?? 'an unknown processor'}; flags: ${flags || 'none'}
first losses             engine ${report.losses.engine.toFixed(5)}, stock ${report.losses.stock.toFixed(5)}
engine step              ${report.engineSeconds.toFixed(3)} s
stock step               ${report.stockSeconds.toFixed(3)} s
stock / engine           ${report.speedup.toFixed(2)} (${range(report.speedupRange)}; 7 wanted)
products alone           ${report.productSeconds.toFixed(3)} s for ${(report.multiplyAdds / 1e9).toFixed(2)} G multiply-adds
step / products          ${report.overProducts.toFixed(2)} (${range(report.overProductsRange)}; at most 1.5 wanted)`);
