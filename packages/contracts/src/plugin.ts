import type { Benchmark } from './benchmark.js';
import type { ImageEncoder, ImageEncoderShape } from './image-encoder.js';
import type { LanguageModel, LanguageModelShape } from './language-model.js';
import type { ModelParts, Objective } from './objective.js';
import type { PublishedWeights, WeightsDescription } from './published-weights.js';
import type { RandomStream } from './random.js';
import type { SemanticTransform } from './semantic-transform.js';
import type { Tokenizer } from './tokenizer.js';

/** Raised with every change of the contracts that breaks a plug-in; checked when a model is composed. */
export const CONTRACT_VERSION = 1;

/** The part of a zod schema that composing uses, so that any zod 4 copy will do. */
export interface OptionsSchema<Options> {
  safeParse(
    input: unknown,
  ):
    | { success: true; data: Options }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** One encoder, ST, LLM, objective or benchmark that a package offers. */
export interface PluginEntry<Options, Context, Product> {
  /** Named sets of options; a config's own options are laid over the preset's. */
  readonly presets: Readonly<Record<string, Partial<Options>>>;
  readonly optionsSchema: OptionsSchema<Options>;
  /** Builds the part with freshly initialised parameters. */
  create(options: Options, context: Context): Product | Promise<Product>;
  /** True where these are this entry's published weights, told from names, shapes and `config` alone. */
  recognise?(weights: WeightsDescription): boolean;
  /**
   * Builds the part with published weights, drawing nothing.
   * @param options a preset's; absent: read from the weights' own description
   * @throws EimError `invalid-file` listing every tensor that does not fit
   */
  load?(weights: PublishedWeights, context: Omit<Context, 'random'>, options?: Options): Promise<Product>;
}

export interface EncoderContext {
  readonly random: RandomStream;
}
export interface LanguageModelContext {
  readonly random: RandomStream;
  readonly tokenizer?: Tokenizer;
}
export interface SemanticTransformContext {
  readonly random: RandomStream;
  readonly encoder: ImageEncoderShape;
  readonly llm: LanguageModelShape;
  /** The LLM's, for an ST whose prefix holds words of its own. */
  readonly tokenizer?: Tokenizer;
}
export interface ObjectivePluginContext {
  readonly random: RandomStream;
  readonly parts: ModelParts;
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest holds entries of unrelated option types; each entry checks its own
type AnyOptions = any;

/** What a plug-in package default-exports. */
export interface PluginManifest {
  readonly contractVersion: number;
  readonly name: string;
  readonly encoders?: Readonly<Record<string, PluginEntry<AnyOptions, EncoderContext, ImageEncoder>>>;
  readonly semanticTransforms?: Readonly<
    Record<string, PluginEntry<AnyOptions, SemanticTransformContext, SemanticTransform>>
  >;
  readonly languageModels?: Readonly<
    Record<string, PluginEntry<AnyOptions, LanguageModelContext, LanguageModel>>
  >;
  readonly objectives?: Readonly<Record<string, PluginEntry<AnyOptions, ObjectivePluginContext, Objective>>>;
  readonly benchmarks?: Readonly<Record<string, Benchmark<AnyOptions, AnyOptions, AnyOptions>>>;
}

/** Identity, for types: `export default definePlugin({ ... })`. */
export function definePlugin<const Manifest extends PluginManifest>(manifest: Manifest): Manifest {
  return manifest;
}
