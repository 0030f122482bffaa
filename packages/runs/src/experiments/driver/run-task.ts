import { EimError } from '@eim/contracts';
import type { CompleteContext } from '../../context.js';
import type { WorkerTaskName, WorkerTasks } from '../../workers/worker-messages.js';
import { startWorker } from '../../workers/worker-process.js';

/** Does one task of an experiment, wherever that is. */
export type RunTask = <Name extends WorkerTaskName>(
  name: Name,
  request: WorkerTasks[Name]['request'],
  context: CompleteContext,
) => Promise<WorkerTasks[Name]['outcome']>;

/** Does tasks in processes of their own, so that the memory of each is given back. */
export function inOwnProcess(packageUrls: Readonly<Record<string, string>>): RunTask {
  return async (name, request, context) => {
    const { engine, threads, environment, workingFolder, signal, onProgress, onNote } = context;
    const worker = startWorker(
      { name, request, packageUrls, context: { engine, threads, environment, workingFolder } },
      {
        onProgress: (progress) => 'label' in progress && onProgress(progress),
        onNote,
        adviceIfKilled: 'Memory may have run out. The same command goes on from the last checkpoint.',
      },
    );
    const stop = () => worker.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await worker.outcome;
    } catch (error) {
      throw signal.aborted ? new EimError({ code: 'interrupted', message: 'Stopped.', cause: error }) : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}
