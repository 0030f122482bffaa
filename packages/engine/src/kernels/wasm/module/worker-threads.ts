import type { Worker } from 'node:worker_threads';
import { host } from '#host';
import { CONTEXT_WORDS, STACK_BYTES } from './kernel-exports.js';
import type { Allocate } from './set-up-context.js';

/** What a worker thread is given. */
interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly context: number;
  readonly stackTop: number;
  readonly scratch: number;
  /** Index of the context's word that says that a worker ended. */
  readonly failed: number;
}

/** A worker's program. It says that it is ready and then stays inside the module for as long as the process lives. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, context, stackTop, scratch, failed } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => 0 } });
exports.__stack_pointer.value = stackTop;
parentPort.postMessage('ready');
try {
  exports.serve(context, scratch);
} finally {
  Atomics.store(new Int32Array(memory.buffer), failed, 1);
}`;

/** Milliseconds after which a thread that has not started is given up. */
const PATIENCE = 20_000;

/** What all threads share. */
interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly context: number;
  readonly scratchBytes: number;
  readonly allocate: Allocate;
}

interface Place {
  readonly stackTop: number;
  readonly scratch: number;
}

/** The threads that work beside the main one. None keeps the process alive, all end with it. */
export class WorkerThreads {
  private workers: Worker[] = [];
  private readonly places: Place[] = [];

  constructor(private readonly shared: Shared) {}

  /** Ends those that run and starts `count`. Throws what Node says where one cannot start; then none is left. */
  async restart(count: number): Promise<void> {
    await this.stop();
    const { Worker } = host;
    if (!Worker) throw new Error('the kernels have threads in Node only');
    const { module, memory, context } = this.shared;
    const failed = context / 4 + CONTEXT_WORDS.failed;
    const ready: Promise<void>[] = [];
    try {
      for (let index = 0; index < count; index++) {
        const workerData: WorkerData = { module, memory, context, failed, ...this.place(index) };
        // Neither loaders nor options of the main thread concern the program.
        const worker = new Worker(PROGRAM, {
          eval: true,
          workerData,
          execArgv: [],
          env: {},
          name: 'eim kernels',
        });
        worker.unref();
        this.workers.push(worker);
        ready.push(isReady(worker));
      }
      await Promise.all(ready);
    } catch (cause) {
      await this.stop();
      throw cause;
    }
  }

  private async stop(): Promise<void> {
    const ending = this.workers;
    this.workers = [];
    await Promise.all(ending.map((worker) => worker.terminate()));
    const words = new Int32Array(this.shared.memory.buffer);
    for (const word of ['sleepers', 'failed'] as const) {
      Atomics.store(words, this.shared.context / 4 + CONTEXT_WORDS[word], 0);
    }
  }

  private place(index: number): Place {
    const { allocate, scratchBytes } = this.shared;
    this.places[index] ??= { stackTop: allocate(STACK_BYTES) + STACK_BYTES, scratch: allocate(scratchBytes) };
    return this.places[index];
  }
}

function isReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
    const settle = (finish: () => void) => () => {
      clearTimeout(timer);
      finish();
    };
    worker.once('message', settle(resolve));
    worker.once('error', (cause) => settle(() => reject(cause))());
    worker.once(
      'exit',
      settle(() => reject(new Error('it ended at once'))),
    );
  });
}
