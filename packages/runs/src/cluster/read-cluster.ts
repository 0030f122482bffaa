import { resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import type { ClusterMembership } from '@eim/engine/node';
import { z } from 'zod';
import { configMistakesError, schemaMistakes } from '../config/config-issues.js';
import { ConfigSource } from '../config/config-source.js';
import type { Environment } from '../context.js';

const clusterSchema = z.strictObject({
  /** `host:port` of every process, in the order of their ranks. */
  addresses: z.array(z.string()).min(1),
  /** Seconds to wait for all of them. @default 600 */
  joinSeconds: z.number().gt(0).default(600),
});

export interface ReadClusterOptions {
  readonly environment?: Environment | undefined;
  readonly workingFolder?: string | undefined;
  /** This process's rank. Absent: see {@link readCluster}. */
  readonly rank?: number | undefined;
}

/** Variables in which a scheduler tells a process its place: ours, SLURM's, and that of Kubernetes' indexed jobs. */
const RANK_VARIABLES = ['EIM_RANK', 'SLURM_PROCID', 'JOB_COMPLETION_INDEX'];

/**
 * Reads who trains together. The rank is the one given, else that of `TF_CONFIG` (`task.index`), else that of EIM_RANK,
 * SLURM_PROCID or JOB_COMPLETION_INDEX.
 * @param path a file with `addresses`. Absent: the workers of `TF_CONFIG`
 * @throws EimError `invalid-config` with every mistake of the file; `invalid-argument` where no addresses or no rank are told
 * @example
 * // cluster.yaml: { addresses: ['10.0.0.4:5600', '10.0.0.5:5600'] }
 * await startRun('my.yaml', { packages, cluster: await readCluster('cluster.yaml', { environment: process.env }) });
 */
export async function readCluster(
  path: string | undefined,
  { environment = {}, workingFolder = process.cwd(), rank }: ReadClusterOptions = {},
): Promise<ClusterMembership> {
  const told = readTensorFlowConfig(environment.TF_CONFIG);
  const own = rank ?? told?.rank ?? rankOf(environment);
  if (own === undefined)
    throw new EimError({
      code: 'invalid-argument',
      message: 'This process is not told which of the cluster it is.',
      advice: `Give --rank N, or set TF_CONFIG or one of ${RANK_VARIABLES.join(', ')}.`,
    });
  if (path === undefined) {
    if (told?.addresses) return { addresses: told.addresses, rank: own };
    throw new EimError({
      code: 'invalid-argument',
      message: 'No file with the addresses of the cluster is given, and TF_CONFIG has none.',
      advice: 'Give --cluster FILE.',
    });
  }
  const source = await ConfigSource.read(resolve(workingFolder, path));
  const parsed = clusterSchema.safeParse(source.toValue());
  if (!parsed.success) throw configMistakesError(source, schemaMistakes(clusterSchema, parsed.error.issues));
  return { ...parsed.data, rank: own };
}

function rankOf(environment: Environment): number | undefined {
  const name = RANK_VARIABLES.find((variable) => environment[variable]);
  if (name === undefined) return undefined;
  const rank = Number(environment[name]);
  if (Number.isInteger(rank) && rank >= 0) return rank;
  throw new EimError({
    code: 'invalid-argument',
    message: `${name} is ${JSON.stringify(environment[name])}, not a rank.`,
    advice: 'Set it to a whole number from 0.',
  });
}

const tensorFlowConfigSchema = z.object({
  cluster: z.object({ worker: z.array(z.string()).min(1) }).optional(),
  task: z.object({ type: z.string().optional(), index: z.int().min(0) }),
});

function readTensorFlowConfig(text: string | undefined) {
  if (!text) return undefined;
  const refuse = (why: string) =>
    new EimError({
      code: 'invalid-argument',
      message: `TF_CONFIG is not read: ${why}.`,
      advice:
        'Write {"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}, or unset it.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('it is no JSON');
  }
  const parsed = tensorFlowConfigSchema.safeParse(value);
  if (!parsed.success) throw refuse(parsed.error.issues[0]!.message);
  const { cluster, task } = parsed.data;
  if (task.type !== undefined && task.type !== 'worker')
    throw refuse(`its task is a '${task.type}', not a worker`);
  return { addresses: cluster?.worker, rank: task.index };
}
