import { dirname } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { openTrainedRun, type TrainedRun } from '../../comparison/trained-run.js';
import { readConfig } from '../../config/read-config.js';
import type { CompleteContext } from '../../context.js';
import { openDataset } from '../../data/open-dataset.js';
import { startChosenEngine } from '../../engine/start-chosen-engine.js';
import { pluginLoader } from '../../model/plugin-loader.js';
import { RunFolder } from '../../run-folder/run-folder.js';
import { resumeRun, startReadRun } from '../../training/run-training.js';
import { armConfig, type Unit } from '../description/arm-config.js';
import type { Experiment } from '../description/read-experiment.js';
import { UnitPlanner } from '../planning/plan-unit.js';
import { dataHash } from '../records/data-hash.js';
import { codeVersion } from './code-version.js';
import { coreSecondsSince } from './core-seconds.js';
import type { UnitFolder } from './unit-folder.js';

/** A unit whose training has ended. */
export interface TrainedUnit {
  readonly run: TrainedRun;
  readonly dataset: Dataset;
}

/**
 * Trains a unit in its folder: from its start, from its latest checkpoint where it was interrupted, or not at all where it has
 * ended.
 */
export async function trainUnit(
  experiment: Experiment,
  unit: Unit,
  folder: UnitFolder,
  context: CompleteContext,
): Promise<TrainedUnit> {
  const dataset = folder.isBegun ? await openBegun(folder, context) : undefined;
  if (dataset && folder.isTrained) {
    const run = await openTrainedRun(folder.run, context);
    await startChosenEngine(context, run.config.engine);
    return { run, dataset };
  }
  const before = process.cpuUsage();
  try {
    if (dataset) {
      await resumeRun(folder.run, context);
      return { run: await openTrainedRun(folder.run, context), dataset };
    }
    const begun = await begin(experiment, unit, folder, context);
    return { run: await openTrainedRun(folder.run, context), dataset: begun };
  } finally {
    const state = folder.isBegun ? await folder.readState() : undefined;
    if (state)
      await folder.writeState({ ...state, coreSeconds: state.coreSeconds + coreSecondsSince(before) });
  }
}

async function begin(
  experiment: Experiment,
  unit: Unit,
  folder: UnitFolder,
  context: CompleteContext,
): Promise<Dataset> {
  const { config } = await armConfig(experiment, unit, context.environment);
  await startChosenEngine(context, config.engine);
  const planned = await new UnitPlanner(experiment, context).plan(unit);
  await folder.writeState({
    dataHash: dataHash(planned.dataset),
    code: await codeVersion(dirname(experiment.file), experiment.records),
    begunAt: new Date().toISOString(),
    allowance: planned.allowance,
    coreSeconds: 0,
    scoredTimes: 0,
  });
  await startReadRun(planned.read, unit.arm.base, { ...context, out: folder.run });
  return planned.dataset;
}

/** The data of a unit that was begun. @throws EimError `invalid-data` where they have changed since */
async function openBegun(folder: UnitFolder, context: CompleteContext): Promise<Dataset> {
  const { configFile } = RunFolder.open(folder.run);
  const { config } = await readConfig(configFile, context);
  const { packages, signal } = context;
  const dataset = await openDataset(config.data, {
    loadPlugin: pluginLoader(configFile, context),
    packages,
    signal,
  });
  if ((await folder.readState()).dataHash === dataHash(dataset)) return dataset;
  throw new EimError({
    code: 'invalid-data',
    message: `The data have changed since ${folder.path} was begun.`,
    advice: 'Delete that folder, and the unit begins anew.',
    data: { folder: folder.path },
  });
}
