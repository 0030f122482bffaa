import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { type LatestCheckpoint, latestCheckpoint, type RunLogEntry, readRunLog } from '@eim/core/node';
import { ConfigSource } from '../config/config-source.js';
import { readJson } from '../data/read-json.js';
import type { EvaluationRecord } from '../evaluation/evaluation-record.js';
import { readEnvironment } from '../run-folder/record/environment-file.js';
import type { EnvironmentRecord } from '../run-folder/record/environment-record.js';
import { hashConfig } from '../run-folder/record/hash-config.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { RunResult } from '../training/train-model.js';

/** What a listing reads of a segment of a plan. The config need not be one that this version would train. */
export interface ListedSegment {
  readonly name: string;
  readonly until?: {
    readonly steps?: number;
    readonly earlyStopping?: { readonly split: string; readonly metric: string };
  };
  readonly gate?: { readonly split: string; readonly metric: string };
}

/** What the files of a run say; what is not there, or cannot be read, is absent. */
export interface RunFiles {
  readonly folder: RunFolder;
  /** The name that the config gives the run. */
  readonly name?: string | undefined;
  /** Hash of `config.yaml` as it is now. */
  readonly configHash?: string | undefined;
  readonly segments: readonly ListedSegment[];
  readonly environment?: EnvironmentRecord | undefined;
  readonly result?: RunResult | undefined;
  readonly checkpoint?: LatestCheckpoint | undefined;
  readonly log: readonly RunLogEntry[];
  /** Scores by what they are of: a split, or a benchmark. */
  readonly scores: readonly { readonly of: string; readonly scores: object }[];
  /** What is wrong with files that could not be read, in sentences. */
  readonly problems: readonly string[];
}

/** Reads the files of a run. One that is damaged is told of and does not stand in the way of the others. */
export async function readRunFiles(path: string): Promise<RunFiles> {
  const folder = RunFolder.open(path);
  const problems: string[] = [];
  const attempt = async <Value>(read: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!EimError.isInstance(error) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const json = <Value>(name: string) =>
    attempt(async () => (await folder.readJson(name)) as Value | undefined);
  const names = (await attempt(() => readdir(folder.path))) ?? [];
  const scores: { of: string; scores: object }[] = [];
  for (const file of names.filter((one) => /^evaluation-.+\.json$/.test(one)).sort()) {
    const record = await json<EvaluationRecord>(file);
    if (record?.scores) scores.push({ of: record.split, scores: record.scores });
  }
  for (const [of, file] of await benchmarkFiles(folder)) {
    const read = (await attempt(() => readJson(file))) as object | undefined;
    if (read) scores.push({ of, scores: read });
  }
  const config = await attempt(async () => ({
    value: (await ConfigSource.read(folder.configFile)).toValue(),
    hash: await hashConfig(await readFile(folder.configFile, 'utf8')),
  }));
  const { name, plan } = (config?.value ?? {}) as { name?: unknown; plan?: { segments?: unknown } };
  const segments = Array.isArray(plan?.segments) ? (plan.segments as Partial<ListedSegment>[]) : [];
  return {
    folder,
    name: typeof name === 'string' ? name : undefined,
    configHash: config?.hash,
    segments: segments.filter((segment): segment is ListedSegment => typeof segment?.name === 'string'),
    environment: await attempt(() => readEnvironment(folder)),
    result: await json<RunResult>('result.json'),
    checkpoint: await attempt(() => latestCheckpoint(folder.checkpointFolder)),
    log: existsSync(folder.metricsFile) ? ((await attempt(() => readRunLog(folder.metricsFile))) ?? []) : [],
    scores,
    problems,
  };
}

/** Files of scores of benchmarks in a run, `benchmarks/<name>/<part>/scores.json`, with what they are of. */
async function benchmarkFiles({ path }: RunFolder): Promise<(readonly [string, string])[]> {
  const inside = async (folder: string) => (await readdir(folder).catch(() => [])).sort();
  const files: (readonly [string, string])[] = [];
  for (const name of await inside(join(path, 'benchmarks'))) {
    for (const part of await inside(join(path, 'benchmarks', name))) {
      const file = join(path, 'benchmarks', name, part, 'scores.json');
      if (existsSync(file)) files.push([part === 'whole' ? name : `${name} ${part}`, file]);
    }
  }
  return files;
}
