// The entry of a worker process: does the one task that its parent sends, reports progress, and ends.
import { evaluateBenchmark, type ShardOutcome } from './benchmarking/evaluate-benchmark.js';
import {
  type FromWorker,
  sentError,
  type ToWorker,
  type WorkerTask,
} from './benchmarking/worker-messages.js';

const controller = new AbortController();
const tell = (message: FromWorker) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });

/** One shard of a benchmark. */
async function answerShard({ run, packageUrls, context, request }: WorkerTask): Promise<ShardOutcome> {
  const packages = Object.fromEntries(
    Object.entries(packageUrls).map(([name, url]) => [
      name,
      () => import(url) as Promise<{ readonly default: unknown }>,
    ]),
  );
  const outcome = await evaluateBenchmark(run, {
    ...context,
    ...request,
    packages,
    signal: controller.signal,
    onItems: (done, total, fromCache) =>
      void tell({ kind: 'progress', progress: { done, total, fromCache } }),
  });
  return outcome as ShardOutcome;
}

async function work(task: WorkerTask): Promise<void> {
  try {
    await tell({ kind: 'outcome', outcome: await answerShard(task) });
  } catch (error) {
    await tell({ kind: 'error', error: sentError(error) });
  }
  // Ends the process once nothing else is under way.
  if (process.connected) process.disconnect();
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') controller.abort();
  else void work(message.task);
});
// A worker whose parent is gone stops, too.
process.on('disconnect', () => controller.abort());
