import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argumentError } from '../arguments/argument-error.js';
import type { RunsContext } from '../context.js';
import { findRuns } from './find-runs.js';
import { LineageReader } from './lineage.js';
import { readRunFiles } from './run-files.js';
import { type RunSummary, summariseRun } from './run-summary.js';

export interface ListRunsOptions extends Pick<RunsContext, 'workingFolder'> {
  /**
   * What to sort by: `started`, `folder`, `name`, `state`, `steps`, `minutes`, `parameters`, or the name of a score, as `CIDEr`.
   * Numbers and times come greatest first, texts in order; runs without one come last. @default 'started'
   */
  readonly sort?: string | undefined;
}

const KEYS: Readonly<Record<string, (run: RunSummary) => string | number | null>> = {
  folder: ({ folder }) => folder,
  name: ({ name }) => name,
  state: ({ state }) => state.kind,
  started: ({ startedAt }) => (startedAt === null ? null : Date.parse(startedAt)),
  steps: ({ steps }) => steps,
  minutes: ({ minutes }) => minutes,
  parameters: ({ parameters }) => parameters,
};

/**
 * Lists the runs among and below some folders: how each stands, what it scored, and which runs it started from. Reads files
 * alone: no engine is started and no plug-in loaded.
 * @param folders Empty: `runs` in the working folder, where training puts them
 * @throws EimError `missing-file` for a folder that does not exist; `invalid-argument` for a `sort` that no run has
 *
 * @example
 * for (const { folder, state } of await listRuns(['runs'])) console.log(folder, state.kind);
 */
export async function listRuns(
  folders: readonly string[] = [],
  { workingFolder = process.cwd(), sort = 'started' }: ListRunsOptions = {},
): Promise<RunSummary[]> {
  const usual = join(workingFolder, 'runs');
  if (folders.length === 0 && !existsSync(usual)) return [];
  const asked = folders.length === 0 ? [usual] : folders.map((folder) => resolve(workingFolder, folder));
  return sorted(await summariseRuns(await findRuns(asked)), sort);
}

/** Summaries of the runs in some folders, in their order. */
export async function summariseRuns(folders: readonly string[]): Promise<RunSummary[]> {
  const all = [];
  for (const folder of folders) all.push(await readRunFiles(folder));
  const byModel = new Map(
    all.flatMap(({ folder, result }) =>
      result?.modelHash ? [[result.modelHash, folder.path] as const] : [],
    ),
  );
  const lineage = new LineageReader(byModel);
  return Promise.all(all.map((files) => summariseRun(files, lineage)));
}

function sorted(runs: readonly RunSummary[], sort: string): RunSummary[] {
  const scoreOf = ({ scores }: RunSummary) => scores.find((of) => sort in of.scores)?.scores[sort] ?? null;
  const known = Object.hasOwn(KEYS, sort);
  if (!known && runs.length > 0 && runs.every((run) => scoreOf(run) === null)) {
    const scores = new Set(runs.flatMap((run) => run.scores.flatMap((of) => Object.keys(of.scores))));
    throw argumentError(
      `No run has a score "${sort}" to sort by.`,
      `Choose one of ${[...Object.keys(KEYS), ...scores].join(', ')}.`,
    );
  }
  const keyOf = known ? KEYS[sort]! : scoreOf;
  return runs
    .map((run) => ({ run, key: keyOf(run) }))
    .sort((one, other) => compareKeys(one.key, other.key))
    .map(({ run }) => run);
}

function compareKeys(one: string | number | null, other: string | number | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'number' && typeof other === 'number') return other - one;
  return String(one) < String(other) ? -1 : Number(one !== other);
}
