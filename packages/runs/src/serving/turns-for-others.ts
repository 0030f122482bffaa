import { setImmediate as nextTurn } from 'node:timers/promises';

/** A turn of the event loop that took less had nothing to do, in milliseconds. */
const IDLE_TURN = 0.05;

/**
 * Lets sockets, timers and signals have their turns until nothing of theirs is left. One turn is not enough: in each, Node takes one new
 * connection of all that wait, and so they would wait for as many decoding steps.
 * @param most milliseconds after which work goes on all the same
 * @example
 * await turnsForOthers(20);
 */
export async function turnsForOthers(most: number): Promise<void> {
  const first = performance.now();
  for (let started = first; ; ) {
    await nextTurn();
    const now = performance.now();
    if (now - started < IDLE_TURN || now - first >= most) return;
    started = now;
  }
}
