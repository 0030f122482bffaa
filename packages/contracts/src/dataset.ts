import type { AbortSignalLike } from './abort-signal-like.js';
import type { PluginEntry } from './plugin-entry.js';
import type { Row } from './row.js';

export type SplitName = 'train' | 'val' | 'test' | (string & {});

/** Rows of a split that belong together in a mixture: `count` rows from `start` on. */
export interface DatasetPart {
  readonly name: string;
  readonly start: number;
  readonly count: number;
  /** Share of the rows drawn, against the weights of the other parts. */
  readonly weight: number;
}

/** How the parts of a split are drawn from: in a mixture by their weights, or one after the other. */
export interface DatasetMixture {
  readonly order: 'mixed' | 'in-order';
  /** Together all rows of the split, in their order. */
  readonly parts: readonly DatasetPart[];
}

/** Rows in named splits. */
export interface Dataset {
  readonly name: string;
  /** Split names in the order of the source. */
  readonly splits: readonly SplitName[];
  split(name: SplitName): readonly Row[];
  /**
   * Splits whose rows have no answers: pictures of which nothing is said, for objectives that label them themselves. Everything
   * else refuses such rows. Absent: none.
   */
  readonly unanswered?: readonly SplitName[];
  /** The parts of a split and how they are drawn from. Absent or undefined: all rows are drawn alike. */
  mixture?(name: SplitName): DatasetMixture | undefined;
  /** What was left out or changed while reading, in sentences for the report. */
  readonly notes: readonly string[];
}

/** What a data set is opened with. */
export interface DatasetContext {
  /** Aborted: opening rejects with the signal's reason. */
  readonly signal?: AbortSignalLike;
}

/** A data set that a package offers; `create` reads it. */
export interface DatasetEntry<Options> extends PluginEntry<Options, DatasetContext, Dataset> {
  /**
   * Options that hold paths. In a config they are relative to the config file, may begin with `~` and may hold
   * `${NAME}`; `create` receives them absolute.
   */
  readonly pathOptions?: readonly string[];
}
