import type { BenchmarkOptions } from '@eim/contracts';
import type { Decoding } from '../evaluation/decoding.js';
import type { Shard } from './shard.js';

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
  readonly model: { readonly run: string; readonly sha256: string; readonly engine: string };
  readonly decoding: Decoding & { readonly maxNewTokens: number };
  /** The first prompt, whole. */
  readonly firstPrompt: string;
  readonly shard?: Shard;
  readonly eim: string;
  readonly node: string;
}

/** What shards of one evaluation have in common. */
export function sharedPart({ shard: _, ...rest }: BenchmarkManifest): Omit<BenchmarkManifest, 'shard'> {
  return rest;
}
