import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface StockStepResult {
  readonly seconds: number;
  readonly loss: number;
}

/** Stock TensorFlow.js in a process of its own, where none of our kernels is registered. */
export interface StockProcess {
  step(): Promise<StockStepResult>;
  stop(): void;
}

/** Starts it, with this process' own loader flags. */
export async function startStockProcess(): Promise<StockProcess> {
  const child = fork(fileURLToPath(new URL('./stock-worker.ts', import.meta.url)));
  await reply(child);
  return {
    step: () => {
      child.send('step');
      return reply(child) as Promise<StockStepResult>;
    },
    stop: () => void child.kill(),
  };
}

async function reply(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the stock process ended with code ${code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}
