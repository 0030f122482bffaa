import { EimError, type Row, type Tokenizer } from '@eim/contracts';
import { createRandomStream, ShapesPass } from '@eim/engine';
import { type StructureEntry, structureFingerprint } from '../../ledger/structure-fingerprint.js';
import type { Plan } from '../../plan/plan-schema.js';
import { createModel, type ModelConfig } from '../../plugins/create-model.js';
import type { OpenWeights } from '../../plugins/create-part.js';
import { loadManifest, type PluginLoader } from '../../plugins/resolve-plugin.js';
import type { ObjectiveEntry } from '../run/train-options.js';
import { type InferenceCost, inferenceCost } from './inference-cost.js';
import { type PlanCost, planCost } from './plan-cost.js';
import { longestSplitShape, type SplitSizes } from './split-shape.js';

export interface DescribePlanCostOptions {
  readonly loadPlugin: PluginLoader;
  /** Opens published weights; only their description is read. */
  readonly openWeights?: OpenWeights | undefined;
  /** Absent: only the model's parameters and inference are counted. */
  readonly plan?: Plan | undefined;
  readonly sizes: SplitSizes;
  /** The vocabulary, if the LLM's options leave its size to a tokenizer; or that tokenizer, for objectives that spell words. */
  readonly vocabulary?: Pick<Tokenizer, 'vocabularySize' | 'specialTokens' | 'addedTokenCount'> | undefined;
  /** Rows of a split, for objectives that take from them what they need; they count with the most they may need otherwise. */
  readonly rows?: ((split: string) => readonly Row[]) | undefined;
  /** Objectives by name, in addition to the built-in ones. */
  readonly objectives?: Readonly<Record<string, ObjectiveEntry>> | undefined;
  /** `'off'`: outputs of what is frozen are computed anew for every batch. Absent: the feature cache keeps them. */
  readonly featureCache?: 'off' | undefined;
}

/** What a model is and what it costs to use and to train. */
export interface PlanCostDescription {
  /** Every parameter of inference by name, `encoder.blocks.0.attention.output.weight`, with shape and role. */
  readonly parameters: readonly StructureEntry[];
  readonly inference: InferenceCost;
  readonly cost: PlanCost;
}

/**
 * The parameters and costs of the model that a config names. No weights are drawn or loaded, and no data, tokenizer or
 * engine is needed. Every text counts with the greatest length, so a plan over real captions costs this or less.
 * @example
 * const { cost } = await describePlanCost(config.model, {
 *   loadPlugin,
 *   plan: config.plan,
 *   vocabulary: { vocabularySize: 2000, specialTokens: { end: 1, pad: 2 } },
 *   sizes: { pictures: 1800, captionsPerPicture: 5, textLength: 26 },
 * });
 */
export async function describePlanCost(
  model: ModelConfig,
  options: DescribePlanCostOptions,
): Promise<PlanCostDescription> {
  const {
    loadPlugin,
    openWeights,
    plan = { segments: [] },
    sizes,
    vocabulary,
    objectives,
    rows,
    featureCache,
  } = options;
  // Imported beforehand, so that the pass is open only while the parts are made.
  for (const { use } of [model.encoder, model.st, model.llm]) await loadManifest(use, loadPlugin);
  const pass = new ShapesPass();
  const tokenizer = vocabulary && (isTokenizer(vocabulary) ? vocabulary : withoutWords(vocabulary));
  const { model: parts } = await pass.run(() =>
    createModel(model, {
      loadPlugin,
      openWeights,
      readWeights: false,
      tokenizer,
      random: createRandomStream('shapes'),
    }),
  );
  const split = longestSplitShape(sizes, parts.llm.specialTokens.begin !== undefined);
  return {
    parameters: structureFingerprint(parts).parameters,
    inference: inferenceCost(pass, parts, sizes.textLength),
    cost: await planCost(
      { model: parts, plan, split: () => split, rows, tokenizer, objectives, featureCache },
      pass,
    ),
  };
}

const isTokenizer = (vocabulary: object): vocabulary is Tokenizer => 'encode' in vocabulary;

/** A tokenizer that has a size and no words. */
function withoutWords({
  vocabularySize,
  specialTokens,
  addedTokenCount = 0,
}: Pick<Tokenizer, 'vocabularySize' | 'specialTokens' | 'addedTokenCount'>): Tokenizer {
  const refuse = (): never => {
    throw new EimError({
      code: 'invariant-violated',
      message: 'A text was tokenised where a plan is only counted.',
      advice: 'Give a real tokenizer to whoever needs words.',
    });
  };
  return { vocabularySize, specialTokens, addedTokenCount, encode: refuse, decode: refuse, toJSON: refuse };
}
