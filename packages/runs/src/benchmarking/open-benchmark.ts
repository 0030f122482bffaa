import type { Benchmark, BenchmarkOptions } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import { type BenchmarkData, type BenchmarkItem, openBenchmarkData } from './benchmark-data.js';
import { readBenchmarkOptions } from './benchmark-options.js';
import { resolveBenchmark } from './resolve-benchmark.js';
import { itemsOfShard, readShard, type Shard } from './shard.js';

/** Which items are asked, and how. */
export interface BenchmarkChoice {
  /** `coco-caption`, `scienceqa`, `mme`, or one of a package: `@acme/package/entry`. */
  readonly benchmark: string;
  /** Folder of the benchmark's files and pictures. */
  readonly data: string;
  /** Options of the benchmark, as `name=value`. @default [] */
  readonly words?: readonly string[] | undefined;
  /** `i/n`: answer only every n-th item, from the i-th on; `mergeShards` joins the shards. */
  readonly shard?: string | undefined;
}

export interface OpenedBenchmark extends BenchmarkData {
  readonly benchmark: Benchmark;
  /** Package and entry of the benchmark. */
  readonly use: string;
  readonly options: BenchmarkOptions;
  readonly folder: string;
  readonly shard: Shard | undefined;
  /** The items of the shard, or all. */
  readonly asked: readonly BenchmarkItem[];
}

/** @throws EimError naming what is wrong with the benchmark's name, its options, the shard or the data */
export async function openBenchmark(
  { benchmark: name, data, words = [], ...choice }: BenchmarkChoice,
  load: PluginLoader,
): Promise<OpenedBenchmark> {
  const shard = choice.shard === undefined ? undefined : readShard(choice.shard);
  const { benchmark, use } = await resolveBenchmark(name, load);
  const options = readBenchmarkOptions(benchmark, words);
  const { items, files } = await openBenchmarkData(benchmark, data, options);
  const asked = shard ? itemsOfShard(items, shard) : items;
  return { benchmark, use, options, folder: data, shard, items, files, asked };
}
