import { type ParameterLedger, resolveObjectives } from '@eim/core';
import { startEngine } from '@eim/engine';
import type { Terminal } from '../command/terminal.js';
import { readConfig } from '../config/read-config.js';
import { openDataset } from '../data/open-dataset.js';
import { runLedger } from '../training/train-model.js';
import { buildModel } from './build-model.js';
import { checkParts } from './check-parts.js';
import { pluginLoader } from './plugin-loader.js';

/** The parameter ledger of a config: its model is built and counted, nothing is trained. */
export async function countConfig(
  path: string,
  overrides: readonly string[],
  { environment, workingFolder }: Terminal,
): Promise<ParameterLedger> {
  const { config, source } = await readConfig(path, { overrides, environment, workingFolder });
  const loadPlugin = pluginLoader(path, workingFolder);
  await checkParts(config, source, loadPlugin);
  const dataset = await openDataset(config.data);
  await startEngine({ engine: 'cpu' });
  const { model } = await buildModel(config, dataset, loadPlugin);
  try {
    return await runLedger(config, { model }, await resolveObjectives(config.plan, loadPlugin));
  } finally {
    model.dispose();
  }
}
