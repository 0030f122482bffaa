import { dirname } from 'node:path';
import type { Dataset } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import { resolveObjectives } from '@eim/core/training';
import type { ReadConfig } from '../../config/read-config.js';
import type { CompleteContext } from '../../context.js';
import { openDataset } from '../../data/open-dataset.js';
import { maxTextLength } from '../../data/text-length.js';
import { buildModel } from '../../model/build-model.js';
import { completeConfig } from '../../model/complete-config.js';
import { pluginLoader } from '../../model/plugin-loader.js';
import { publishedWith } from '../../model/published-with.js';
import { armConfig, armOf, type Unit } from '../description/arm-config.js';
import type { Experiment } from '../description/read-experiment.js';
import { type Allowance, type FittedPlan, fitPlan } from './fit-plan.js';

/** A unit that is ready to be trained: its config, with the steps that its budget allows. */
export interface PlannedUnit extends FittedPlan {
  readonly read: ReadConfig;
  readonly dataset: Dataset;
  readonly loadPlugin: PluginLoader;
  /** What its budget allows; absent where it has none. */
  readonly allowance?: Allowance | undefined;
}

/** Plans the units of an experiment; data that several units share are opened once. An engine has to have been started. */
export class UnitPlanner {
  readonly #experiment: Experiment;
  readonly #context: CompleteContext;
  readonly #datasets = new Map<string, Promise<Dataset>>();

  constructor(experiment: Experiment, context: CompleteContext) {
    this.#experiment = experiment;
    this.#context = context;
  }

  /**
   * Plans a unit, after the one that its budget is matched to.
   * @throws EimError `invalid-config` where its budget cannot be met
   */
  async plan(unit: Unit): Promise<PlannedUnit> {
    const context = this.#context;
    const read = await armConfig(this.#experiment, unit, context.environment);
    const loadPlugin = pluginLoader(unit.arm.base, context);
    const config = await completeConfig(read, loadPlugin, {
      ...context,
      workingFolder: dirname(this.#experiment.file),
    });
    const dataset = await this.#open(config.data, loadPlugin);
    const allowance = await this.#allowance(unit);
    const { model, tokenizer } = await buildModel(config, dataset, loadPlugin);
    try {
      const fitted = await fitPlan(config.name, config.plan, allowance, {
        model,
        objectives: await resolveObjectives(config.plan, loadPlugin, publishedWith(config.model.encoder)),
        dataset,
        tokenizer,
        seed: config.training.seed,
        maxTokens: maxTextLength(config.training, dataset),
        cutRows: config.training.cutRows,
        textLengths: config.training.textLengths,
        featureCache: config.training.featureCache === 'off' ? 'off' : undefined,
      });
      const fittedConfig = { ...config, plan: fitted.plan };
      return { ...fitted, read: { ...read, config: fittedConfig }, dataset, loadPlugin, allowance };
    } finally {
      model.dispose();
    }
  }

  async #allowance({ arm, seed }: Unit): Promise<Allowance | undefined> {
    const { equalTo, examplesOf, times = 1 } = arm.budget ?? {};
    const of = equalTo ?? examplesOf;
    if (of === undefined) return undefined;
    const { cost, examples } = await this.plan({ arm: armOf(this.#experiment, of), seed });
    return equalTo === undefined
      ? { kind: 'examples', amount: examples * times }
      : { kind: 'multiply-adds', amount: (cost.total + cost.gates) * times };
  }

  #open(data: ReadConfig['config']['data'], loadPlugin: PluginLoader): Promise<Dataset> {
    const key = JSON.stringify(data);
    const { packages, signal } = this.#context;
    const opened = this.#datasets.get(key) ?? openDataset(data, { loadPlugin, packages, signal });
    this.#datasets.set(key, opened);
    return opened;
  }
}
