import { EimError } from '@eim/contracts';
import { tensor1d } from '@tensorflow/tfjs-core';
import type { RunIdentity } from '../checkpoints/checkpoint.js';
import { hashJson } from '../checkpoints/fingerprint.js';
import type { TrainingGroup } from './training-group.js';

const WHAT = {
  planHash: 'plan',
  datasetHash: 'data',
  seed: 'seed',
  engine: 'engine or its version',
} as const;

/**
 * Makes sure that all processes are about to do the same.
 * @throws EimError `invalid-config` in every process, saying in what and which of them differ from the first
 */
export async function agreeOnRun(group: TrainingGroup, identity: RunIdentity): Promise<void> {
  for (const [key, what] of Object.entries(WHAT)) {
    const hash = await hashJson(identity[key as keyof typeof WHAT]);
    // Numbers of 16 bits are exact in float32.
    const own = tensor1d(hash.match(/.{4}/g)!.map((digits) => Number.parseInt(digits, 16)));
    const first = await group.fromFirst(own);
    const [mine, theirs] = [await own.data(), await first.data()];
    const differs = mine.some((value, index) => value !== theirs[index]);
    const flags = tensor1d(
      Array.from({ length: group.size }, (_, rank) => Number(differs && rank === group.rank)),
    );
    const all = await group.sum(flags);
    const others = [...(await all.data())].flatMap((flag, rank) => (flag > 0 ? [rank] : []));
    for (const tensor of [own, first, flags, all]) tensor.dispose();
    if (others.length === 0) continue;
    throw new EimError({
      code: 'invalid-config',
      message: `The processes cannot train together: ${others.length === 1 ? `process ${others[0]} has` : `processes ${others.join(', ')} have`} another ${what} than process 0.`,
      advice: 'Give all of them the same version, config, overrides and data.',
      data: { what: key, ranks: others, rank: group.rank },
    });
  }
}
