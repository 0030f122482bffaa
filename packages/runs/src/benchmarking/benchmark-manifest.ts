import type { BenchmarkOptions } from '@eim/contracts';
import type { Decoding } from '../evaluation/decoding.js';
import type { Shard } from './shard.js';

/** All that is needed to do an evaluation again; `manifest.json`. */
export interface BenchmarkManifest {
  /** Package and entry; its functions are prompt and parser. */
  readonly benchmark: string;
  /** Prompt template and rules by name. */
  readonly options: BenchmarkOptions;
  readonly data: {
    readonly folder: string;
    /** SHA-256 by file. */
    readonly files: Readonly<Record<string, string>>;
    readonly items: number;
    /** Of them without a picture: asked as text alone. */
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
