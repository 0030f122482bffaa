import { type ClusterMembership, joinCluster, type ProcessGroup } from '@eim/engine/node';
import type { CompleteContext } from '../context.js';

/**
 * Joins the processes that train together, once an engine runs, and notes which.
 * @returns undefined for a process by itself
 * @throws EimError as `joinCluster`
 */
export async function joinRunCluster(
  cluster: ClusterMembership | undefined,
  { onNote }: Pick<CompleteContext, 'onNote'>,
): Promise<ProcessGroup | undefined> {
  if (!cluster || cluster.addresses.length === 1) return undefined;
  const group = await joinCluster(cluster);
  onNote(`Process ${group.rank} of ${group.size}, ${cluster.addresses[group.rank]}`);
  const open = cluster.addresses.filter((address) => !isPrivate(address));
  if (open.length > 0)
    onNote(
      `TensorFlow asks nobody who they are, and these addresses do not look private: ${open.join(', ')}. Keep their ports closed to others.`,
    );
  return group;
}

/** Loopback, private and link-local addresses (RFC 1918, 4193, 4291), and names, of which nothing is known. */
function isPrivate(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host))
    return /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(`${host}.`);
  return host.includes(':') ? /^(::1$|f[cd]|fe[89ab])/i.test(host) : true;
}
