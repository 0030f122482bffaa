import { fork } from 'node:child_process';
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
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the stock process ended with code ${code}`);
  });
  // It may end when nobody waits for an answer; who then asks for one is told.
  ended.catch(() => {});
  const reply = async (): Promise<unknown> => {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message;
  };
  await reply();
  return {
    step: () => {
      child.send('step');
      return reply() as Promise<StockStepResult>;
    },
    stop: () => void child.kill(),
  };
}
