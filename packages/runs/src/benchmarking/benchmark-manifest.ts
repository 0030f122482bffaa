import type { BenchmarkOptions } from '@eim/contracts';
import type { Decoding } from '../evaluation/decoding.js';
import { VERSION } from '../version.js';
import type { OpenedBenchmark } from './open-benchmark.js';
import type { Shard } from './shard.js';

/** Who answered: a run here, or a server's model. */
export type AnsweredBy =
  | { readonly run: string; readonly sha256: string; readonly engine: string }
  | { readonly api: string; readonly name: string };

/** Everything that is needed to repeat an evaluation; the contents of `manifest.json`. */
export interface BenchmarkManifest {
  /** Package and entry of the benchmark, whose functions make prompts and parse answers. */
  readonly benchmark: string;
  /** Options of the benchmark by name: prompt template, rules. */
  readonly options: BenchmarkOptions;
  readonly data: {
    readonly folder: string;
    /** SHA-256 by file. */
    readonly files: Readonly<Record<string, string>>;
    readonly items: number;
    /** Number of items without a picture, which are asked as text alone. */
    readonly textAlone: number;
  };
  readonly model: AnsweredBy;
  readonly decoding: Decoding & { readonly maxNewTokens: number };
  /** The first prompt, whole. */
  readonly firstPrompt: string;
  readonly shard?: Shard;
  readonly eim: string;
  readonly node: string;
}

/** The manifest of what a model is asked here and now. */
export function benchmarkManifest(
  { benchmark, use, options, folder, files, items, shard }: OpenedBenchmark,
  { model, decoding }: Pick<BenchmarkManifest, 'model' | 'decoding'>,
): BenchmarkManifest {
  return {
    benchmark: use,
    options,
    data: {
      folder,
      files,
      items: items.length,
      textAlone: items.filter(({ picture }) => picture === undefined).length,
    },
    model,
    decoding,
    firstPrompt: benchmark.prompt(items[0]!.item, options),
    ...(shard && { shard }),
    eim: VERSION,
    node: process.versions.node,
  };
}

/** What shards of one evaluation have in common. */
export function sharedPart({ shard: _, ...rest }: BenchmarkManifest): Omit<BenchmarkManifest, 'shard'> {
  return rest;
}

/** The model's name for a person. */
export const answeredBy = ({ model }: Pick<BenchmarkManifest, 'model'>): string =>
  'run' in model ? model.run : `${model.name} at ${model.api}`;
