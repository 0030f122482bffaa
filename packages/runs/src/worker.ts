// The entry of a worker process: does the one task that its parent sends, reports progress, and ends.
import { evaluateBenchmark } from './benchmarking/evaluate-benchmark.js';
import type { ShardOutcome } from './benchmarking/write-evaluation.js';
import type { RunsContext } from './context.js';
import { scoreExperimentBaselines } from './experiments/baselines/score-experiment-baselines.js';
import { planExperiment } from './experiments/planning/plan-experiment.js';
import { runUnit } from './experiments/units/run-unit.js';
import {
  type FromWorker,
  sentError,
  type ToWorker,
  type WorkerTask,
  type WorkerTaskName,
  type WorkerTasks,
} from './workers/worker-messages.js';

const controller = new AbortController();
const tell = (message: FromWorker) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });

type Work = {
  readonly [Name in WorkerTaskName]: (
    request: WorkerTasks[Name]['request'],
    context: RunsContext,
  ) => Promise<WorkerTasks[Name]['outcome']>;
};

const WORK: Work = {
  'answer-shard': async ({ run, ...request }, context) =>
    (await evaluateBenchmark(run, {
      ...context,
      ...request,
      onItems: (done, total, fromCache) =>
        void tell({ kind: 'progress', progress: { done, total, fromCache } }),
    })) as ShardOutcome,
  'plan-experiment': planExperiment,
  'run-unit': runUnit,
  'score-baselines': scoreExperimentBaselines,
};

function doTask<Name extends WorkerTaskName>({ name, request, packageUrls, context }: WorkerTask<Name>) {
  const packages = Object.fromEntries(
    Object.entries(packageUrls).map(([of, url]) => [
      of,
      () => import(url) as Promise<{ readonly default: unknown }>,
    ]),
  );
  return WORK[name](request, {
    ...context,
    packages,
    signal: controller.signal,
    onProgress: name === 'answer-shard' ? undefined : (progress) => void tell({ kind: 'progress', progress }),
    onNote: (text) => void tell({ kind: 'note', text }),
  });
}

async function work(task: WorkerTask): Promise<void> {
  try {
    await tell({ kind: 'outcome', outcome: await doTask(task) });
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
