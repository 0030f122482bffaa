import { startWorker } from './run-native-benchmark.js';

interface Memory {
  readonly tensors: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
}

export interface MemoryReport {
  readonly side: string;
  readonly steps: number;
  readonly early: Memory;
  readonly late: Memory;
}

const SETTLED = 100;

/** Takes training steps and compares what is held at the last with what was held at step 100. */
export async function runMemoryCheck(
  engine: string,
  mode: 'eager' | 'recorded',
  steps: number,
  threads: number,
): Promise<MemoryReport> {
  const worker = await startWorker(engine, mode, threads);
  try {
    let early: Memory | undefined;
    for (let step = 1; step <= steps; step++) {
      await worker.ask({ work: 'step' });
      if (step === Math.min(SETTLED, steps)) early = await worker.ask<Memory>({ work: 'memory' });
    }
    return {
      side: `${engine}, ${mode}`,
      steps,
      early: early!,
      late: await worker.ask<Memory>({ work: 'memory' }),
    };
  } finally {
    worker.stop();
  }
}
