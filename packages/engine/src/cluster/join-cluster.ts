import { EimError } from '@eim/contracts';
import { currentEngine } from '../start/list-engines.js';
import { recordingBackend } from '../tensorflow/tensorflow-backend.js';
import { clusterFailure } from './cluster-failure.js';
import { ProcessGroup } from './process-group.js';
import { type ClusterMembership, serverDefinition } from './server-definition.js';

/**
 * Makes this process one of a cluster, by TensorFlow's own servers and collective operations: on `node` and `node-gpu` as
 * `eim engine install` builds them. It waits for all processes. Called again, after a failure, it begins a new group.
 *
 * The server listens on the port of its address on **all** interfaces and asks nobody who they are: it belongs on a private network.
 * @throws EimError `engine-unavailable` on an engine without them; `invalid-config` for a membership that makes no sense;
 *   `cluster-failed` where not all processes come, or the port is taken
 * @example
 * await startEngine({ engine: 'node' });
 * const group = await joinCluster({ addresses: ['10.0.0.4:5600', '10.0.0.5:5600'], rank: 0 });
 * const total = await group.sum(gradient);
 */
export async function joinCluster(membership: ClusterMembership): Promise<ProcessGroup> {
  const definition = serverDefinition(membership);
  const backend = recordingBackend();
  if (typeof backend?.binding.joinCluster !== 'function') {
    throw new EimError({
      code: 'engine-unavailable',
      message: `The engine '${currentEngine()?.name ?? 'none'}' cannot work in a cluster.`,
      advice: "Use 'node' or 'node-gpu' as `eim engine install` of this version builds them.",
    });
  }
  try {
    await backend.binding.joinCluster(definition, membership.rank);
  } catch (cause) {
    throw clusterFailure(cause, membership);
  }
  return new ProcessGroup(backend, membership);
}
