import { join } from 'node:path';
import type { Shard } from './shard.js';

/** The folder of a run's evaluation, unless `--out` names another. */
export function evaluationFolder(runFolder: string, use: string, shard?: Shard): string {
  const name = use.replace(/^@/, '').replaceAll('/', '-');
  const part = shard ? `shard-${shard.index}-of-${shard.count}` : 'whole';
  return join(runFolder, 'benchmarks', name, part);
}
