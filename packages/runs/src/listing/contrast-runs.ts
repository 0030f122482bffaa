import { resolve } from 'node:path';
import { argumentError } from '../arguments/argument-error.js';
import { ConfigSource } from '../config/config-source.js';
import type { RunsContext } from '../context.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { type ConfigDifference, configDifferences } from './config-differences.js';
import { summariseRuns } from './list-runs.js';
import type { RunSummary } from './run-summary.js';

/** Something that every run has, side by side. */
export interface SideBySide<Value> {
  readonly name: string;
  /** By run; null where it is not known. */
  readonly values: readonly (Value | null)[];
  readonly same: boolean;
}

/** Several runs side by side. */
export interface RunsContrast {
  readonly runs: readonly RunSummary[];
  /** Fields of their configs that differ. */
  readonly config: readonly ConfigDifference[];
  /** Hashes of the data, by split. */
  readonly data: readonly SideBySide<string>[];
  /** Version and commit of the program, Node.js, engine and its kernels. */
  readonly code: readonly SideBySide<string>[];
  /** Scores by what they are of: `test CIDEr`. */
  readonly scores: readonly SideBySide<number>[];
}

/**
 * Puts runs side by side: what differs in their configs, their data, the program they were made with, what they scored,
 * and the runs they started from. Reads files alone, and the runs need not have ended.
 * @throws EimError `missing-file` for what is no run; `invalid-argument` for less than two of them, `invalid-config` for a config
 * that is no YAML
 *
 * @example
 * const { config } = await contrastRuns(['runs/first', 'runs/second']);
 * for (const { path, values } of config) console.log(path, ...values);
 */
export async function contrastRuns(
  paths: readonly string[],
  { workingFolder = process.cwd() }: Pick<RunsContext, 'workingFolder'> = {},
): Promise<RunsContrast> {
  const folders = paths.map((path) => RunFolder.open(resolve(workingFolder, path)));
  if (new Set(folders.map(({ path }) => path)).size < Math.max(2, folders.length)) {
    throw argumentError('A comparison needs two different runs or more.', 'Name each run once.');
  }
  const configs = [];
  for (const { configFile } of folders) configs.push((await ConfigSource.read(configFile)).toValue());
  const runs = await summariseRuns(folders.map(({ path }) => path));
  const environments: (Facts | undefined)[] = [];
  for (const folder of folders) environments.push((await folder.readJson('env.json')) as Facts | undefined);
  const splits = new Set(runs.flatMap(({ data }) => Object.keys(data ?? {})));
  const scored = runs.map(({ scores }) => byScore(scores));
  return {
    runs,
    config: configDifferences(configs),
    data: [...splits].map((split) =>
      beside(
        split,
        runs.map(({ data }) => data?.[split]?.hash),
      ),
    ),
    code: Object.entries(FACTS).map(([name, fact]) =>
      beside(
        name,
        environments.map((environment) => environment && fact(environment)),
      ),
    ),
    scores: [...new Set(scored.flatMap((scores) => [...scores.keys()]))].map((name) =>
      beside(
        name,
        scored.map((scores) => scores.get(name)),
      ),
    ),
  };
}

interface Facts {
  readonly eim?: string;
  readonly commit?: string;
  readonly node?: string;
  readonly engine?: {
    readonly name: string;
    readonly kernelVersion: string | number;
    readonly threads: number;
  };
}

const FACTS: Readonly<Record<string, (environment: Facts) => string | undefined>> = {
  eim: ({ eim }) => eim,
  commit: ({ commit }) => commit,
  'Node.js': ({ node }) => node,
  engine: ({ engine }) => engine?.name,
  kernels: ({ engine }) => engine && String(engine.kernelVersion),
  threads: ({ engine }) => engine && String(engine.threads),
};

function beside<Value>(name: string, given: readonly (Value | undefined)[]): SideBySide<Value> {
  const values = given.map((value) => value ?? null);
  return { name, values, same: new Set(values).size === 1 };
}

function byScore(scores: RunSummary['scores']): ReadonlyMap<string, number> {
  return new Map(
    scores.flatMap(({ of, scores: each }) =>
      Object.entries(each).map(([metric, score]) => [`${of} ${metric}`, score] as const),
    ),
  );
}
