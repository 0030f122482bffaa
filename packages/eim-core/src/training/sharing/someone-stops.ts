import { scalar } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from './training-group.js';

/** Whether any of several processes is asked to stop: they all do so after the same step. */
export async function someoneStops(
  group: TrainingGroup | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const asked = signal?.aborted === true;
  if (!group) return asked;
  const own = scalar(asked ? 1 : 0);
  const all = await group.sum(own).finally(() => own.dispose());
  const [count] = await all.data();
  all.dispose();
  return count! > 0;
}
