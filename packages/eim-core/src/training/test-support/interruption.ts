import type { Checkpoint, CheckpointStore } from '../checkpoints/checkpoint.js';

/** Keeps the last checkpoint, as a copy that the run cannot reach. */
export function checkpointsInMemory(): CheckpointStore {
  let saved: Checkpoint | undefined;
  return {
    save: async (checkpoint) => {
      saved = structuredClone(checkpoint);
    },
    latest: async () => saved,
  };
}

/** Interrupts a run once it has taken so many steps. */
export function interruptionAfter(steps: number) {
  const controller = new AbortController();
  let left = steps;
  return {
    signal: controller.signal,
    onProgress: ({ phase }: { readonly phase: string }) => {
      left -= phase === 'train' ? 1 : 0;
      if (left === 0) controller.abort();
    },
  };
}
