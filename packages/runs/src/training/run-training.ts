import { EimError } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import type { ClusterMembership, ProcessGroup } from '@eim/engine/node';
import { joinRunCluster } from '../cluster/join-run-cluster.js';
import { type Config, type ReadConfig, readConfig } from '../config/read-config.js';
import { type CompleteContext, completeContext, type Environment, type RunsContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { completeConfig } from '../model/complete-config.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { writeRunReport } from '../reporting/write-run-report.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { beginRun } from '../run-folder/record/begin-run.js';
import { hashData } from '../run-folder/record/data-hashes.js';
import { readEnvironment, updateEnvironment } from '../run-folder/record/environment-file.js';
import { refuseChangedParents } from '../run-folder/record/parent-models.js';
import { refuseRunning } from '../run-folder/record/refuse-running.js';
import { withRunSession } from '../run-folder/record/run-session.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { PlanProgress, plannedSteps } from './plan-progress.js';
import { type RunResult, trainModel } from './train-model.js';

export interface ResumeRunOptions extends RunsContext {
  /** Which processes train this together, and which of them this one is. Only the first writes into the run's folder. */
  readonly cluster?: ClusterMembership | undefined;
  /** Run steps operation by operation, even on engines that could record and replay them. @default false */
  readonly eager?: boolean | undefined;
}

export interface StartRunOptions extends ResumeRunOptions {
  /** Changes to the config: `training.seed=3`, with YAML values. */
  readonly overrides?: readonly string[] | undefined;
  /** The run's folder. Absent: `runs/<config>-<time>` in the working folder. */
  readonly out?: string | undefined;
}

export interface FinishedRun {
  /** Path of the run folder. */
  readonly folder: string;
  readonly result: RunResult;
}

/**
 * Trains a config in a new run folder, segment by segment.
 * @throws EimError `invalid-config` with every mistake at once; `interrupted` when the signal is aborted, after saving the
 * state from which `resumeRun` goes on
 *
 * @example
 * const { folder, result } = await startRun('my.yaml', { packages, overrides: ['training.seed=3'] });
 */
export async function startRun(path: string, options: StartRunOptions): Promise<FinishedRun> {
  const context = completeContext(options);
  const read = await readConfig(path, { ...context, overrides: options.overrides });
  return await startReadRun(read, path, options);
}

/** Trains a config that has been read. @param path from whose folder packages are resolved */
export async function startReadRun(
  read: ReadConfig,
  path: string,
  options: Omit<StartRunOptions, 'overrides'>,
): Promise<FinishedRun> {
  const context = completeContext(options);
  const loadPlugin = pluginLoader(path, context);
  const config = await completeConfig(read, loadPlugin, context);
  const engine = await startChosenEngine(context, config.engine);
  const out = options.out ?? defaultRunFolder(context.workingFolder, config.name);
  const group = await joinRunCluster(options.cluster, context);
  const work = { resume: false, eager: options.eager, loadPlugin, context, group };
  if (group && group.rank > 0) return train(config, RunFolder.elsewhere(out), work);
  const folder = await beginRun(out, config, engine);
  return withRunSession(folder, { resume: false }, () => train(config, folder, work));
}

/**
 * Goes on with an interrupted run, and ends with exactly the weights that an uninterrupted run has.
 * @throws EimError `invalid-argument` where another process trains it
 *
 * @example
 * const { folder, result } = await resumeRun('runs/my-20250101-120000', { packages });
 */
export async function resumeRun(run: string, options: ResumeRunOptions): Promise<FinishedRun> {
  const context = completeContext(options);
  const folder = RunFolder.open(run);
  // The others of a cluster find the first at work.
  if ((options.cluster?.rank ?? 0) === 0) await refuseRunning(folder);
  const { config } = await readConfig(folder.configFile, context);
  await startChosenEngine(context, config.engine);
  const loadPlugin = pluginLoader(folder.configFile, context);
  await refuseChangedParents((await readEnvironment(folder))?.parents ?? []);
  const group = await joinRunCluster(options.cluster, context);
  const work = { resume: true, eager: options.eager, loadPlugin, context, group };
  if (group && group.rank > 0) return train(config, folder, work);
  return withRunSession(folder, { resume: true }, () => train(config, folder, work));
}

async function train(
  config: Config,
  folder: RunFolder,
  {
    resume,
    eager = false,
    loadPlugin,
    context,
    group,
  }: {
    readonly resume: boolean;
    readonly eager: boolean | undefined;
    readonly loadPlugin: PluginLoader;
    readonly context: CompleteContext;
    readonly group: ProcessGroup | undefined;
  },
): Promise<FinishedRun> {
  const { signal, environment, onNote } = context;
  const dataset = await openDataset(config.data, { loadPlugin, packages: context.packages, signal });
  for (const note of dataset.notes) onNote(`Data: ${note}`);
  const leads = (group?.rank ?? 0) === 0;
  // A run that goes on has the same data, or its checkpoint refuses them.
  if (leads && !(await readEnvironment(folder))?.data) {
    await updateEnvironment(folder, { data: await hashData(dataset) });
  }
  const answerCount = dataset.split('train').reduce((sum, { answers }) => sum + answers.length, 0);
  const planProgress = new PlanProgress(context.onProgress, {
    name: config.name,
    steps: plannedSteps(config.plan, answerCount),
  });
  try {
    const { built, result } = await trainModel({
      config,
      dataset,
      loadPlugin,
      folder,
      resume,
      signal,
      environment,
      group,
      recordSteps: !eager,
      onNote,
      onProgress: planProgress.onProgress,
    });
    built.model.dispose();
    if (leads) await writeRunReport(folder, config);
    return { folder: folder.path, result };
  } catch (error) {
    throw withResumeAdvice(error, folder, environment);
  }
}

/** An interruption says how to go on. */
function withResumeAdvice(error: unknown, folder: RunFolder, { EIM_LAUNCHED }: Environment): unknown {
  if (!EimError.isInstance(error) || error.code !== 'interrupted') return error;
  return new EimError({
    code: 'interrupted',
    message: error.message,
    advice: `Go on with: eim ${EIM_LAUNCHED ? 'launch' : 'train'} --resume ${folder.path}`,
    data: { ...error.data, run: folder.path },
    cause: error,
  });
}
