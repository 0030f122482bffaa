// Run from the repository's root, after `npm run setup`: npm run bench -- weights-loading [pairs]
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../engine-step/median.js';
import { runWeightsLoadingBenchmark } from './run-weights-loading-benchmark.js';

const report = await runWeightsLoadingBenchmark(tmpdir(), Number(process.argv[2] ?? 5));
rmSync(join(tmpdir(), 'eim-weights-loading.safetensors'), { force: true });
const digits = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(', ');
console.log(`Loading ${(report.bytes / 1e9).toFixed(2)} GB of fp32 safetensors, ${report.pairs} interleaved pairs, file in the system's cache
@eim/weights, tensor by tensor  ${report.eimSeconds.toFixed(2)} s (median)
bare loop in 64 MiB pieces      ${report.bareSeconds.toFixed(2)} s (median)
ratio, median of pairs          ${median(report.timeRatios).toFixed(2)} (1.5 wanted at most), each: ${digits(report.timeRatios)}
ratio of the processor's time   ${report.processorRatio.toFixed(2)}
peak memory / tensors' size     ${report.memoryRatio.toFixed(2)} above the idle process (1.3 wanted at most)`);
