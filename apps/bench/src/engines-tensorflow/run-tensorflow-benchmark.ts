import { fileURLToPath } from 'node:url';
import { interleave, type RatioRow } from './interleave.js';
import { type LineProcess, startLineProcess } from './line-process.js';

const WORKER = fileURLToPath(new URL('./engine-worker.ts', import.meta.url));
const TORCH = fileURLToPath(new URL('../../../../tools/reference/engine_speed.py', import.meta.url));

export interface TensorFlowBenchmarkOptions {
  /** A Python that has PyTorch. */
  readonly python: string;
  readonly samples: number;
  readonly threads: number;
  readonly note: (line: string) => void;
}

/** An engine in a process of its own. */
export function startWorker(
  engine: string,
  mode: 'eager' | 'recorded',
  threads: number,
): Promise<LineProcess> {
  return startLineProcess(process.execPath, [...process.execArgv, WORKER, engine, mode, String(threads)]);
}

/** Steps, encoding and decoding on the node engine beside PyTorch, in one interleaved run. */
export async function runTensorFlowBenchmark(options: TensorFlowBenchmarkOptions): Promise<RatioRow[]> {
  const { python, samples, threads, note } = options;
  const torch = await startLineProcess(python, [TORCH, String(threads)]);
  const eager = await startWorker('node', 'eager', threads);
  const recorded = await startWorker('node', 'recorded', threads);
  for (const { ready } of [torch, eager, recorded]) note(ready);
  try {
    return [
      ...(await interleave('step', { eager, recorded }, torch, samples, note)),
      ...(await interleave('encode', { eager }, torch, samples, note)),
      ...(await interleave('decode', { eager, recorded }, torch, samples, note)),
    ];
  } finally {
    for (const side of [torch, eager, recorded]) side.stop();
  }
}
