import { type CocoCaptions, cocoPictures } from '@eim/benchmarks';
import { runSpice } from '@eim/benchmarks/node';
import type { MetricSources } from './metric-sources.js';

/** SPICE of the whole set; NaN where its program gives a picture none. @param path SPICE's jar or folder */
export async function spiceOf(
  captions: CocoCaptions,
  path: string,
  { terminal, signal }: Pick<MetricSources, 'terminal' | 'signal'>,
): Promise<number> {
  terminal.stderr.write('Running SPICE (minutes; it loads a parser first) ...\n');
  return (await runSpice(path, cocoPictures(captions), { signal })).corpus;
}
