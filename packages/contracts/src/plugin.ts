import type { Benchmark } from './benchmark.js';
import type { DatasetEntry } from './dataset.js';
import type { PluginEntry } from './plugin-entry.js';
import type { Reward, RewardContext } from './reward.js';
import type { RunLogger } from './run-logger.js';

/** Raised with every change of the contracts that breaks a plug-in; checked when a model is composed. */
export const CONTRACT_VERSION = 1;

// biome-ignore lint/suspicious/noExplicitAny: a manifest holds entries of unrelated option types; each entry checks its own
type AnyOptions = any;

/** What a logger is made with. */
export interface LoggerContext {
  /** The run's folder, or undefined where the run is kept nowhere. */
  readonly folder?: string;
  readonly runName: string;
}

/** What a package without models default-exports. Packages of models add to it: `@eim/contracts/model`. */
export interface PluginManifest {
  readonly contractVersion: number;
  readonly name: string;
  readonly datasets?: Readonly<Record<string, DatasetEntry<AnyOptions>>>;
  readonly benchmarks?: Readonly<Record<string, Benchmark<AnyOptions, AnyOptions, AnyOptions>>>;
  readonly loggers?: Readonly<Record<string, PluginEntry<AnyOptions, LoggerContext, RunLogger>>>;
  readonly rewards?: Readonly<Record<string, PluginEntry<AnyOptions, RewardContext, Reward>>>;
}

/**
 * Returns the manifest unchanged and checks its type. For packages without models or objectives.
 * @example
 * export default definePlugin({ contractVersion: CONTRACT_VERSION, name: '@acme/data', datasets: { memes } });
 */
export function definePlugin<const Manifest extends PluginManifest>(manifest: Manifest): Manifest {
  return manifest;
}
