import {
  type Plan,
  type PlanCost,
  planMultiplyAdds,
  resolveObjectives,
  type TrainPlanOptions,
  trainPlan,
} from '@eim/core/training';
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

/** Steps that tell this machine's speed. */
const TIMED_STEPS = 2;

/**
 * Counts by shapes, and times a few steps of the last segment. Gates and evaluations are not counted.
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
    const options = {
      model,
      plan: config.plan,
      objectives: await resolveObjectives(config.plan, loadPlugin),
      dataset,
      tokenizer,
      preprocess: picturePreprocessor,
      seed: config.training.seed,
      maxTokens: config.training.maxTextLength,
      signal: context.signal,
    };
    const cost = await planMultiplyAdds(options);
    return { ...cost, seconds: cost.total * (await secondsPerMultiplyAdd(options)) };
  } finally {
    model.dispose();
  }
}

/** Steps of the last segment on a model that is thrown away, its pictures turned so that none need be cached first. */
async function secondsPerMultiplyAdd(options: TrainPlanOptions): Promise<number> {
  const { gate: _, ...last } = options.plan.segments.at(-1)!;
  const data = { ...last.data, augment: ['horizontal-flip' as const] };
  const plan: Plan = { segments: [{ ...last, data, until: { steps: TIMED_STEPS } }] };
  const { total } = await planMultiplyAdds({ ...options, plan });
  const { segments } = await trainPlan({ ...options, plan });
  return segments[0]!.seconds / total;
}
