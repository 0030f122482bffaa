import { resolve } from 'node:path';
import type { PartExport, Tokenizer } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { type ComposedModel, type ModelDescription, resolvePlugin } from '@eim/core';
import { argumentError } from '../arguments/argument-error.js';
import type { CompleteContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { isRun } from '../listing/find-runs.js';
import { loadRunModel } from '../model/load-run-model.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { programPluginLoader } from '../model/plugin-loader.js';
import { requireModelPath } from '../models/require-model-path.js';
import { tokenizerPath } from '../published/generation-tokenizer.js';
import { loadTrainableLanguageModel, type ModelSpec } from '../published/load-published.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { refuseQuantised } from './export-neighbours.js';

/** An LLM that is to be written for another program: that of a run, or a published one. */
export interface ExportSource {
  readonly path: string;
  readonly llm: LanguageModel;
  /** Ways in which its package writes it. */
  readonly exports: readonly PartExport<LanguageModel>[];
  readonly tokenizer: Tokenizer;
  /** Where the tokenizer was read from; absent for that of a run. */
  readonly tokenizerPath?: string;
  /** The whole that the LLM is a part of. */
  readonly run?: {
    readonly folder: RunFolder;
    readonly model: ComposedModel;
    readonly description: ModelDescription;
  };
  dispose(): void;
}

export interface ExportSourceChoice {
  /** A run, published weights, or the name of a pulled model. */
  readonly model: ModelSpec;
  /** Path of a tokenizer. Absent: the run's, or the one that comes with the weights. */
  readonly tokenizer?: string | undefined;
}

/** @throws EimError naming what is wrong with the path, the weights or the tokenizer */
export async function openExportSource(
  { model: spec, tokenizer: named }: ExportSourceChoice,
  context: CompleteContext,
): Promise<ExportSource> {
  const path = requireModelPath(spec.path, context);
  return isRun(path)
    ? await openRun(resolve(path), named, context)
    : await openPublished({ ...spec, path }, named, context);
}

async function openRun(
  path: string,
  named: string | undefined,
  context: CompleteContext,
): Promise<ExportSource> {
  const folder = RunFolder.open(path);
  await startChosenEngine(context);
  const { model, tokenizer, description } = await loadRunModel(folder, context);
  try {
    refuseQuantised(model.llm);
    const exports = await exportsOf(description.parts.llm.use, context);
    const other = named === undefined ? undefined : await openTokenizerOf(named);
    return {
      path,
      llm: model.llm,
      exports,
      tokenizer: other ?? tokenizer,
      ...(named !== undefined && { tokenizerPath: named }),
      run: { folder, model, description },
      dispose: () => model.dispose(),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function openPublished(
  spec: ModelSpec,
  named: string | undefined,
  context: CompleteContext,
): Promise<ExportSource> {
  const found = tokenizerPath({ ...context, weights: spec.path, named });
  if (found === undefined) {
    throw argumentError(`There is no tokenizer with ${spec.path}.`, 'Name one by --tokenizer.');
  }
  const tokenizer = await openTokenizerOf(found);
  const engine = await startChosenEngine(context);
  const { part: llm, use } = await loadTrainableLanguageModel(spec, { engine, context, tokenizer });
  const exports = await exportsOf(use, context);
  return { path: spec.path, llm, exports, tokenizer, tokenizerPath: found, dispose: () => llm.dispose() };
}

async function exportsOf(
  use: string,
  context: CompleteContext,
): Promise<readonly PartExport<LanguageModel>[]> {
  const { entry } = await resolvePlugin(use, 'languageModels', programPluginLoader(context));
  return (entry.exports ?? []) as readonly PartExport<LanguageModel>[];
}
