import { EimError } from '@eim/contracts';

/** Which processes make up a cluster, and which of them this one is. */
export interface ClusterMembership {
  /** `host:port` of every process, in the order of their ranks. */
  readonly addresses: readonly string[];
  /** This process's place among them, from 0. */
  readonly rank: number;
  /** How long to wait for all of them to be there. @default 600 */
  readonly joinSeconds?: number | undefined;
}

/** A process that has not been heard of for so long is gone, and the others' operations fail. */
const HEARTBEAT_SECONDS = 6;
const LEADER = '/job:worker/replica:0/task:0';

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):([1-9]\d{0,4})$/;

/**
 * A cluster as TensorFlow's `ServerDef` (tensorflow/core/protobuf/tensorflow_server.proto) in protobuf's text form: one job of
 * workers over gRPC, the first of which leads.
 * @throws EimError `invalid-config` for an address that is none, for one that is there twice, and for a rank that nobody has
 */
export function serverDefinition({ addresses, rank, joinSeconds = 600 }: ClusterMembership): string {
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined)
    throw misplaced(`'${wrong}' is no address`, 'Write host:port, such as 10.0.0.4:5600 or [::1]:5600.');
  const twice = addresses.find((address, index) => addresses.indexOf(address) < index);
  if (twice !== undefined)
    throw misplaced(`the address ${twice} is there twice`, 'Give every process an address of its own.');
  if (!Number.isInteger(rank) || rank < 0 || rank >= addresses.length)
    throw misplaced(
      `no process has the rank ${rank}`,
      `The ranks of ${addresses.length} processes are 0 to ${addresses.length - 1}.`,
    );
  const tasks = addresses.map((address, task) => `tasks { key: ${task} value: "${address}" }`);
  return [
    `cluster { job { name: "worker" ${tasks.join(' ')} } }`,
    `job_name: "worker" task_index: ${rank} protocol: "grpc"`,
    `default_session_config { experimental { collective_group_leader: "${LEADER}" coordination_config {`,
    `service_type: "standalone" service_leader: "${LEADER}" coordinated_job_list { name: "worker" num_tasks: ${addresses.length} }`,
    `cluster_register_timeout_in_ms: ${1000 * joinSeconds} heartbeat_timeout_in_ms: ${1000 * HEARTBEAT_SECONDS} } } }`,
  ].join('\n');
}

function isAddress(text: string): boolean {
  const found = ADDRESS.exec(text);
  return found !== null && Number(found[2]) < 65_536;
}

const misplaced = (what: string, advice: string): EimError =>
  new EimError({ code: 'invalid-config', message: `The cluster cannot be joined: ${what}.`, advice });
