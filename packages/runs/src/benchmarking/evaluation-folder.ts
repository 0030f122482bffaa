import { join } from 'node:path';
import type { Shard } from './shard.js';

/** Where an evaluation of a run is written unless `--out` says otherwise. */
export function evaluationFolder(runFolder: string, use: string, shard?: Shard): string {
  const name = use.replace(/^@/, '').replaceAll('/', '-');
  const part = shard ? `shard-${shard.index}-of-${shard.count}` : 'whole';
  return join(runFolder, 'benchmarks', name, part);
}
