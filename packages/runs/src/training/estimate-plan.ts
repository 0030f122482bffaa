import { type PlanCost, planMultiplyAdds, resolveObjectives } from '@eim/core';
import { multiplyAddsSoFar } from '@eim/engine';
import { readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { picturePreprocessor } from '../data/picture-preprocessor.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { buildModel } from '../model/build-model.js';
import { checkParts } from '../model/check-parts.js';
import { pluginLoader } from '../model/plugin-loader.js';

/** A context, and changes to the config that is read: `training.seed=3`, with YAML values. */
export interface ConfigOptions extends RunsContext {
  readonly overrides?: readonly string[] | undefined;
}

/** What a plan costs: multiply-adds of training, exact, and seconds on this machine, roughly. */
export interface PlanEstimate extends PlanCost {
  readonly seconds: number;
}

/**
 * Tries a step of each segment of a config and multiplies. Gates and evaluations are not counted.
 *
 * @example
 * const { total, seconds } = await estimatePlan('my.yaml', { packages });
 */
export async function estimatePlan(path: string, options: ConfigOptions): Promise<PlanEstimate> {
  const context = completeContext(options);
  const { config, source } = await readConfig(path, { ...context, overrides: options.overrides });
  const loadPlugin = pluginLoader(path, context);
  await checkParts(config, source, loadPlugin);
  const dataset = await openDataset(config.data);
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await buildModel(config, dataset, loadPlugin);
  try {
    const spentBefore = multiplyAddsSoFar();
    const began = performance.now();
    const cost = await planMultiplyAdds({
      model,
      plan: config.plan,
      objectives: await resolveObjectives(config.plan, loadPlugin),
      dataset,
      tokenizer,
      preprocess: picturePreprocessor,
      seed: config.training.seed,
      maxTokens: config.training.maxTextLength,
      signal: context.signal,
    });
    const secondsPerMultiplyAdd = (performance.now() - began) / 1000 / (multiplyAddsSoFar() - spentBefore);
    return { ...cost, seconds: cost.total * secondsPerMultiplyAdd };
  } finally {
    model.dispose();
  }
}
