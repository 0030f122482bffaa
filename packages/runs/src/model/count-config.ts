import { type ParameterLedger, resolveObjectives } from '@eim/core';
import { startEngine } from '@eim/engine';
import { readConfig } from '../config/read-config.js';
import { completeContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import type { ConfigOptions } from '../training/estimate-plan.js';
import { runLedger } from '../training/train-model.js';
import { buildModel } from './build-model.js';
import { checkParts } from './check-parts.js';
import { pluginLoader } from './plugin-loader.js';

/**
 * The parameter ledger of a config: its model is built and counted, nothing is trained.
 *
 * @example
 * const { parts, total } = await countConfig('my.yaml', { packages });
 */
export async function countConfig(path: string, options: ConfigOptions): Promise<ParameterLedger> {
  const context = completeContext(options);
  const { config, source } = await readConfig(path, { ...context, overrides: options.overrides });
  const loadPlugin = pluginLoader(path, context);
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
