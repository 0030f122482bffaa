import { describePlanCost, type ParameterLedger, resolveObjectives } from '@eim/core/training';
import { openPublishedWeights } from '@eim/weights/node';
import { readConfig } from '../config/read-config.js';
import { completeContext } from '../context.js';
import type { ConfigOptions } from '../training/estimate-plan.js';
import { completeConfig } from './complete-config.js';
import { configVocabulary } from './config-vocabulary.js';
import { pluginLoader } from './plugin-loader.js';
import { publishedWith } from './published-with.js';
import { readSavedParts } from './saved-parts/saved-parts.js';

/**
 * The parameter ledger of a config, from shapes alone: no weights are drawn or read, and no data are needed where presets
 * and options fix the sizes.
 *
 * @example
 * const { parts, total } = await countConfig('my.yaml', { packages });
 */
export async function countConfig(path: string, options: ConfigOptions): Promise<ParameterLedger> {
  const context = completeContext(options);
  const read = await readConfig(path, { ...context, overrides: options.overrides });
  const loadPlugin = pluginLoader(path, context);
  const { model, plan, training } = await completeConfig(read, loadPlugin, context);
  const { vocabulary, dataset } = await configVocabulary(read.config, loadPlugin, context);
  const { cost } = await describePlanCost((await readSavedParts(model)).model, {
    loadPlugin,
    openWeights: openPublishedWeights,
    plan,
    vocabulary,
    rows: dataset && ((split) => dataset.split(split)),
    objectives: await resolveObjectives(plan, loadPlugin, publishedWith(model.encoder)),
    sizes: { pictures: 1, textLength: training.maxTextLength ?? 40 },
  });
  return cost.ledger;
}
