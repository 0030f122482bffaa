import { host } from '#host';
import type { HostThread } from '../../../host/host.js';
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
const { module, memory, context, stackTop, scratch, failed } = data;
const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => 0 } });
exports.__stack_pointer.value = stackTop;
ready();
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
  private threads: HostThread[] = [];
  private readonly places: Place[] = [];

  constructor(private readonly shared: Shared) {}

  /** Ends those that run and starts `count`. Throws what the host says where one cannot start; then none is left. */
  async restart(count: number): Promise<void> {
    await this.stop();
    const { module, memory, context } = this.shared;
    const failed = context / 4 + CONTEXT_WORDS.failed;
    try {
      for (let index = 0; index < count; index++) {
        const data: WorkerData = { module, memory, context, failed, ...this.place(index) };
        this.threads.push(host.startThread(PROGRAM, data));
      }
      await Promise.all(this.threads.map(isReady));
    } catch (cause) {
      await this.stop();
      throw cause;
    }
  }

  private async stop(): Promise<void> {
    const ending = this.threads;
    this.threads = [];
    await Promise.all(ending.map((thread) => thread.end()));
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

async function isReady({ ready }: HostThread): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
}
