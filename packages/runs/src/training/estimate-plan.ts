import { EimError } from '@eim/contracts';
import {
  describePlanCost,
  type Plan,
  type PlanCost,
  planMultiplyAdds,
  resolveObjectives,
  type TrainPlanOptions,
  trainPlan,
} from '@eim/core/training';
import { openPublishedWeights } from '@eim/weights/node';
import { type ReadConfig, readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { maxTextLength } from '../data/text-length.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { buildModel } from '../model/build-model.js';
import { completeConfig } from '../model/complete-config.js';
import { configVocabulary } from '../model/config-vocabulary.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { readSavedParts } from '../model/saved-parts/saved-parts.js';

/** A context, and changes to the config that is read: `training.seed=3`, with YAML values. */
export interface ConfigOptions extends RunsContext {
  readonly overrides?: readonly string[] | undefined;
}

/** What a plan costs: multiply-adds of training, counted from shapes, and roughly the seconds on this machine. */
export interface PlanEstimate extends PlanCost {
  /** Absent where data or weights are not there, so that no step could be timed. */
  readonly seconds?: number;
}

/** Steps that are timed to learn this machine's speed. */
const TIMED_STEPS = 2;

/**
 * Counts multiply-adds from shapes, the same on every engine, and times a few steps of the last segment. Gates are told
 * apart, and evaluations that find the best weights are not counted. Without data, texts count with the greatest length that the config allows, encoding pictures into the feature
 * cache is not counted (with the cache off, encoding those of every step is), and nothing is timed.
 *
 * @example
 * const { total, seconds } = await estimatePlan('my.yaml', { packages });
 */
export async function estimatePlan(path: string, options: ConfigOptions): Promise<PlanEstimate> {
  const context = completeContext(options);
  const read = await readConfig(path, { ...context, overrides: options.overrides });
  return await estimateReadPlan(read, path, options);
}

/** As {@link estimatePlan}, of a config that has been read. @param path from whose folder packages are resolved */
export async function estimateReadPlan(
  read: ReadConfig,
  path: string,
  options: RunsContext,
): Promise<PlanEstimate> {
  const context = completeContext(options);
  const loadPlugin = pluginLoader(path, context);
  const config = await completeConfig(read, loadPlugin, context);
  const { dataset, vocabulary } = await configVocabulary(config, loadPlugin, context);
  const objectives = await resolveObjectives(config.plan, loadPlugin);
  const featureCache = config.training.featureCache === 'off' ? ('off' as const) : undefined;
  if (!dataset) {
    refuseEpochs(config.plan);
    const { cost } = await describePlanCost((await readSavedParts(config.model)).model, {
      loadPlugin,
      openWeights: openPublishedWeights,
      plan: config.plan,
      vocabulary,
      objectives,
      featureCache,
      sizes: {
        pictures: Math.max(...config.plan.segments.map(({ batchSize }) => batchSize)),
        textLength: config.training.maxTextLength ?? 40,
      },
    });
    return featureCache === 'off' ? cost : withoutEncoding(cost);
  }
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await buildModel(config, dataset, loadPlugin);
  try {
    const trial = {
      model,
      plan: config.plan,
      objectives,
      dataset,
      tokenizer,
      seed: config.training.seed,
      maxTokens: maxTextLength(config.training, dataset),
      textLengths: config.training.textLengths,
      featureCache,
      signal: context.signal,
    };
    const cost = await planMultiplyAdds(trial);
    return { ...cost, seconds: cost.total * (await secondsPerMultiplyAdd(trial)) };
  } finally {
    model.dispose();
  }
}

/** How many pictures would go into the feature cache, and gates would look at, is not known without the data. */
function withoutEncoding({ segments, ...cost }: PlanCost): PlanCost {
  const counted = segments.map((segment) => ({
    ...segment,
    encodedPictures: 0,
    encoding: 0,
    gates: 0,
    total: segment.total - segment.encoding,
  }));
  return { ...cost, gates: 0, segments: counted, total: counted.reduce((sum, { total }) => sum + total, 0) };
}

function refuseEpochs({ segments }: Plan): void {
  const counted = segments.find(({ until }) => until.epochs !== undefined);
  if (!counted) return;
  throw new EimError({
    code: 'missing-file',
    message: `Segment '${counted.name}' lasts ${counted.until.epochs} epochs, but the data are not there to count them.`,
    advice: 'Put the data where the config says, or give the segment steps.',
    data: { segment: counted.name },
  });
}

/** Runs steps of the last segment on a model that is discarded. Pictures are flipped, so that none has to be cached first. */
async function secondsPerMultiplyAdd(options: TrainPlanOptions): Promise<number> {
  const { gate: _, ...last } = options.plan.segments.at(-1)!;
  const data = { split: last.data.split, augment: ['horizontal-flip' as const] };
  const plan: Plan = { segments: [{ ...last, data, until: { steps: TIMED_STEPS } }] };
  const { total } = await planMultiplyAdds({ ...options, plan });
  const { segments } = await trainPlan({ ...options, plan });
  return segments[0]!.seconds / total;
}
