import { EimError } from '@eim/contracts';
import { stringify } from 'yaml';
import type { Terminal } from '../command/terminal.js';
import { type Config, readConfig } from '../config/read-config.js';
import { openDataset } from '../data/open-dataset.js';
import { checkParts } from '../model/check-parts.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { Progress } from '../progress/progress.js';
import { writeRunReport } from '../report/write-run-report.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { environmentRecord } from '../run-folder/environment-record.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { PlanProgress, plannedSteps } from './plan-progress.js';
import { type RunResult, trainModel } from './train-model.js';

export interface RunContext {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Of `--engine`. */
  readonly engine: string | undefined;
  /** Of `--eager`: steps are not recorded. */
  readonly eager?: boolean;
}

export interface FinishedRun {
  /** Path of the run folder. */
  readonly folder: string;
  readonly result: RunResult;
}

/** Trains a config in a new run folder. @param out absent: `runs/<config>-<time>` */
export async function startRun(
  path: string,
  overrides: readonly string[],
  out: string | undefined,
  context: RunContext,
): Promise<FinishedRun> {
  const { terminal } = context;
  const { config, source } = await readConfig(path, { ...terminal, overrides });
  const loadPlugin = pluginLoader(path, terminal.workingFolder);
  await checkParts(config, source, loadPlugin);
  const engine = await startChosenEngine(terminal, context.engine, config.engine);
  const folder = await RunFolder.create(out ?? defaultRunFolder(terminal.workingFolder, config.name));
  // The engine is part of what a resumed run must have again.
  await folder.writeText('config.yaml', stringify({ ...config, engine: engine.name }));
  await folder.writeJson('env.json', environmentRecord(engine));
  return train(config, folder, false, loadPlugin, context);
}

/** Goes on with an interrupted run. */
export async function resumeRun(run: string, context: RunContext): Promise<FinishedRun> {
  const { terminal } = context;
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, terminal);
  await startChosenEngine(terminal, context.engine, config.engine);
  return train(config, folder, true, pluginLoader(folder.configFile, terminal.workingFolder), context);
}

async function train(
  config: Config,
  folder: RunFolder,
  resume: boolean,
  loadPlugin: ReturnType<typeof pluginLoader>,
  { terminal, signal, eager }: RunContext,
): Promise<FinishedRun> {
  const dataset = await openDataset(config.data);
  for (const note of dataset.notes) terminal.stderr.write(`Data: ${note}\n`);
  const captionCount = dataset.split('train').reduce((sum, { captions }) => sum + captions.length, 0);
  const progress = new Progress(terminal);
  const planProgress = new PlanProgress(progress, {
    name: config.name,
    steps: plannedSteps(config.plan, captionCount),
  });
  try {
    const { built, result } = await trainModel({
      config,
      dataset,
      loadPlugin,
      folder,
      resume,
      signal,
      environment: terminal.environment,
      recordSteps: !eager,
      onNote: (text) => progress.note(text),
      onProgress: planProgress.onProgress,
    });
    built.model.dispose();
    await writeRunReport(folder, config);
    return { folder: folder.path, result };
  } catch (error) {
    throw withResumeAdvice(error, folder);
  } finally {
    progress.finish();
  }
}

/** An interruption says how to go on. */
function withResumeAdvice(error: unknown, folder: RunFolder): unknown {
  if (!EimError.isInstance(error) || error.code !== 'interrupted') return error;
  return new EimError({
    code: 'interrupted',
    message: error.message,
    advice: `Go on with: eim train --resume ${folder.path}`,
    data: { ...error.data, run: folder.path },
    cause: error,
  });
}
