import type { Benchmark } from '@eim/contracts';
import { type PluginLoader, resolvePlugin } from '@eim/core';

/** The benchmarks of `@eim/benchmarks`, whose names need no package before them. */
const OWN_PACKAGE = '@eim/benchmarks';
const OWN_NAMES = ['coco-caption', 'scienceqa', 'mme'];

export interface ResolvedBenchmark {
  readonly benchmark: Benchmark;
  /** Package and entry, in the form that `--benchmark` takes in any folder. */
  readonly use: string;
}

/**
 * The benchmark of a name: one of ours, or `@acme/package/entry`.
 * @throws EimError `plugin-not-found`, `contract-mismatch`
 */
export async function resolveBenchmark(name: string, load: PluginLoader): Promise<ResolvedBenchmark> {
  const use = OWN_NAMES.includes(name) ? `${OWN_PACKAGE}/${name}` : name;
  const { entry, packageName, entryName } = await resolvePlugin(use, 'benchmarks', load);
  return { benchmark: entry, use: `${packageName}/${entryName}` };
}
