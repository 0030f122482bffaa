import { EimError } from '@eim/contracts';
import {
  describePlanCost,
  type Plan,
  type PlanCost,
  type PlanForecast,
  planMultiplyAdds,
  resolveObjectives,
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
import { publishedWith } from '../model/published-with.js';
import { readSavedParts } from '../model/saved-parts/saved-parts.js';
import { forecastTraining } from './forecast-training.js';

/** A context, and changes to the config that is read: `training.seed=3`, with YAML values. */
export interface ConfigOptions extends RunsContext {
  readonly overrides?: readonly string[] | undefined;
}

/** What a plan costs: multiply-adds of training, counted from shapes, and time and memory on this machine. */
export interface PlanEstimate extends PlanCost {
  /** Of a run, from reading its config to its last checkpoint. Absent where data are not there, so that no step could be timed. */
  readonly seconds?: number;
  /** What the seconds go to. */
  readonly time?: PlanTime;
  /** The most that the process of a run will hold at once. */
  readonly memoryBytes?: number;
}

/** Seconds of a run by what they go to, and by segment. */
export interface PlanTime extends Pick<PlanForecast, 'segments'> {
  /** Reading the data, building the model. */
  readonly startUp: number;
  readonly steps: number;
  readonly gates: number;
  readonly evaluations: number;
  readonly encoding: number;
  readonly checkpoints: number;
}

/**
 * Counts multiply-adds from shapes, the same on every engine, and takes a few real steps of each segment, to foretell time and memory
 * of a run. Pictures whose features lie in the cache on disk take less. Gates are told apart, and evaluations that find the best
 * weights count in the time alone. Without data, texts count with the greatest length that the config allows, encoding pictures into the feature
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
  const began = performance.now();
  const context = completeContext(options);
  const loadPlugin = pluginLoader(path, context);
  const config = await completeConfig(read, loadPlugin, context);
  const { dataset, vocabulary } = await configVocabulary(config, loadPlugin, context);
  const objectives = await resolveObjectives(config.plan, loadPlugin, publishedWith(config.model.encoder));
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
  const built = await buildModel(config, dataset, loadPlugin);
  const startUp = (performance.now() - began) / 1000;
  try {
    const cost = await planMultiplyAdds({
      model: built.model,
      plan: config.plan,
      objectives,
      dataset,
      tokenizer: built.tokenizer,
      seed: config.training.seed,
      maxTokens: maxTextLength(config.training, dataset),
      cutRows: config.training.cutRows,
      textLengths: config.training.textLengths,
      featureCache,
    });
    const { plan } = config;
    const forecast = await forecastTraining({ config, plan, cost, built, dataset, objectives, context });
    const time = planTime(forecast, startUp);
    return { ...cost, seconds: startUp + forecast.total, time, memoryBytes: forecast.memoryBytes };
  } finally {
    built.model.dispose();
  }
}

function planTime({ segments, start }: PlanForecast, startUp: number): PlanTime {
  const sum = (of: (segment: PlanForecast['segments'][number]) => number) =>
    segments.reduce((total, segment) => total + of(segment), 0);
  return {
    segments,
    startUp: startUp + start + sum(({ begin }) => begin),
    steps: sum(({ steps, decoding }) => steps + decoding),
    gates: sum(({ gate }) => gate),
    evaluations: sum(({ evaluations }) => evaluations),
    encoding: sum(({ encoding }) => encoding),
    checkpoints: sum(({ checkpoints }) => checkpoints),
  };
}

/** How many pictures would go into the feature cache, and gates would look at, is not known without the data. */
function withoutEncoding({ segments, ...cost }: PlanCost): PlanCost {
  const counted = segments.map((segment) => ({
    ...segment,
    encodedPictures: 0,
    encodedTexts: 0,
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
