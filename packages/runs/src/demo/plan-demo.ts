import type { Dataset } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import { type EqualBudgets, equaliseBudget, type Plan, trainPlan } from '@eim/core/training';
import type { Config } from '../config/read-config.js';
import { maxTextLength } from '../data/text-length.js';
import { buildModel } from '../model/build-model.js';

export interface PlannedDemo extends EqualBudgets {
  /** Units of the progress bar for everything, captioning included; multiply-adds as far as they are known. */
  readonly workInAll: number;
  readonly secondsEstimate: number;
}

/** Captioning, gates and scores take about this share of the training time in addition. */
export const EVALUATION_SHARE = 0.12;

/** Steps that are timed to learn this machine's speed. */
const TIMED_STEPS = 5;

/** Finds out what both plans cost, and gives plain as much compute as eim. */
export async function planDemo(
  configs: Readonly<Record<'plain' | 'eim', Config>>,
  dataset: Dataset,
  loadPlugin: PluginLoader,
  signal: AbortSignal,
): Promise<PlannedDemo> {
  const { model, tokenizer } = await buildModel(configs.eim, dataset, loadPlugin);
  try {
    const options = {
      model,
      dataset,
      tokenizer,
      seed: configs.eim.training.seed,
      maxTokens: maxTextLength(configs.eim.training, dataset),
      signal,
    };
    const budgets = await equaliseBudget(configs.plain.plan, configs.eim.plan, options);
    // Real steps on a model that is discarded.
    const { seconds } = await trainPlan({
      ...options,
      plan: withSteps(configs.plain.plan, TIMED_STEPS),
    });
    const secondsPerUnit = seconds / (TIMED_STEPS * budgets.plainCost.segments.at(-1)!.perStep);
    const training = budgets.plainCost.total + budgets.eimCost.total;
    const workInAll = training * (1 + EVALUATION_SHARE);
    return { ...budgets, workInAll, secondsEstimate: workInAll * secondsPerUnit };
  } finally {
    model.dispose();
  }
}

function withSteps({ segments }: Plan, steps: number): Plan {
  return { segments: segments.slice(-1).map((segment) => ({ ...segment, until: { steps } })) };
}
