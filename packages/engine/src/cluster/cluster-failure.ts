import { EimError } from '@eim/contracts';
import type { ClusterMembership } from './server-definition.js';

const TASK = /\/job:worker\/replica:0\/task:(\d+)/;
/** What its runtime says where processes no longer hear of each other, or one of them aborted. */
const TALK =
  /Collective|coordination|heartbeat|UNAVAILABLE|Connection reset|failed to connect|Socket closed|ABORTED/i;

/** Whether an error of a step comes from its sums over processes. */
export function isOfCluster(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    !EimError.isInstance(cause) &&
    (TASK.test(cause.message) || TALK.test(cause.message))
  );
}

/** What TensorFlow says of a cluster, with the process that it speaks of. */
export function clusterFailure(cause: unknown, { addresses, rank }: ClusterMembership): unknown {
  if (!(cause instanceof Error) || cause instanceof TypeError) return cause;
  const task = TASK.exec(cause.message)?.[1];
  const address = task === undefined ? undefined : addresses[Number(task)];
  const where = address === undefined ? '' : `, at process ${task} (${address})`;
  return new EimError({
    code: 'cluster-failed',
    message: `The cluster of ${addresses.length} processes failed${where}: ${cause.message.split('\n')[0]}`,
    advice: 'See what ended that process, then start the run again: it goes on from its last checkpoint.',
    data: { rank, size: addresses.length, ...(task !== undefined && { task: Number(task) }) },
    cause,
  });
}
