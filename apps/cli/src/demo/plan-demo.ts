import type { CaptionDataset } from '@eim/contracts';
import { type EqualBudgets, equaliseBudget, type PluginLoader } from '@eim/core';
import { multiplyAddsSoFar } from '@eim/engine';
import type { Config } from '../config/read-config.js';
import { picturePreprocessor } from '../data/picture-preprocessor.js';
import { buildModel } from '../model/build-model.js';

export interface PlannedDemo extends EqualBudgets {
  /** Units of the progress bar for everything, captioning included; multiply-adds as far as they are known. */
  readonly workInAll: number;
  readonly secondsEstimate: number;
}

/** Captioning, gates and scores take about this share of the training on top. */
export const EVALUATION_SHARE = 0.12;

/** Finds out what both plans cost by trying a step of each segment, and gives plain as much compute as eim. */
export async function planDemo(
  configs: Readonly<Record<'plain' | 'eim', Config>>,
  dataset: CaptionDataset,
  loadPlugin: PluginLoader,
  signal: AbortSignal,
): Promise<PlannedDemo> {
  const { model, tokenizer } = await buildModel(configs.eim, dataset, loadPlugin);
  try {
    const spentBefore = multiplyAddsSoFar();
    const began = performance.now();
    const budgets = await equaliseBudget(configs.plain.plan, configs.eim.plan, {
      model,
      dataset,
      tokenizer,
      preprocess: picturePreprocessor,
      seed: configs.eim.training.seed,
      maxTokens: configs.eim.training.maxTextLength,
      signal,
    });
    const secondsPerUnit = (performance.now() - began) / 1000 / (multiplyAddsSoFar() - spentBefore);
    const training = budgets.plainCost.total + budgets.eimCost.total;
    const workInAll = training * (1 + EVALUATION_SHARE);
    return { ...budgets, workInAll, secondsEstimate: workInAll * secondsPerUnit };
  } finally {
    model.dispose();
  }
}
