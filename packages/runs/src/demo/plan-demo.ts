import type { Dataset } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import { type EqualBudgets, equaliseBudget } from '@eim/core/training';
import type { Config } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { maxTextLength } from '../data/text-length.js';
import { buildModel } from '../model/build-model.js';
import { forecastTraining } from '../training/forecast-training.js';

export interface PlannedDemo extends EqualBudgets {
  /** Units of the progress bar for everything, captioning included; multiply-adds as far as they are known. */
  readonly workInAll: number;
  readonly secondsEstimate: number;
}

/** Captioning and scores take about this share of the training time in addition. */
export const EVALUATION_SHARE = 0.12;

/** Finds out what both plans cost, and gives plain as much compute as eim. */
export async function planDemo(
  configs: Readonly<Record<'plain' | 'eim', Config>>,
  dataset: Dataset,
  loadPlugin: PluginLoader,
  context: Pick<CompleteContext, 'signal' | 'onProgress' | 'onNote'>,
): Promise<PlannedDemo> {
  const built = await buildModel(configs.eim, dataset, loadPlugin);
  try {
    const options = {
      ...built,
      dataset,
      seed: configs.eim.training.seed,
      maxTokens: maxTextLength(configs.eim.training, dataset),
      signal: context.signal,
    };
    const budgets = await equaliseBudget(configs.plain.plan, configs.eim.plan, options);
    const shared = { built, dataset, context };
    const plain = await forecastTraining({
      ...shared,
      config: configs.plain,
      plan: budgets.plain,
      cost: budgets.plainCost,
    });
    const eim = await forecastTraining({
      ...shared,
      config: configs.eim,
      plan: configs.eim.plan,
      cost: budgets.eimCost,
    });
    const training = budgets.plainCost.total + budgets.eimCost.total;
    const workInAll = training * (1 + EVALUATION_SHARE);
    return { ...budgets, workInAll, secondsEstimate: (plain.total + eim.total) * (1 + EVALUATION_SHARE) };
  } finally {
    built.model.dispose();
  }
}
