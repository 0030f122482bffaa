import type { PluginEntry, PluginManifest, Row, Tokenizer } from '../index.js';
import type { ImageEncoder, ImageEncoderShape, TextEncoder } from './image-encoder.js';
import type { LanguageModel, LanguageModelShape } from './language-model.js';
import type { ModelParts, Objective } from './objective.js';
import type { ComputeMode } from './parameter.js';
import type { RandomStream } from './random.js';
import type { SemanticTransform } from './semantic-transform.js';

/** What every part is made with. */
export interface PartContext {
  readonly random: RandomStream;
  /**
   * Parameters get their values from the caller, through `Parameter.awaiting`: a part that supports this draws nothing
   * and takes no memory for them. Any other part draws as always, and its values are replaced. @default false
   */
  readonly awaitValues?: boolean;
  /**
   * None of the part's weights will ever learn. A part that is loaded may then leave matrices in the blocks in which its file
   * holds them, as `ReadOnlyWeight`s, where the engine is fast with these. @default false
   */
  readonly frozen?: boolean;
  /**
   * Of a frozen part: its weights were quantised for it, so that matrices stay in the blocks in which they are given on every
   * engine, be it slow with these. @default false
   */
  readonly quantised?: boolean;
  /**
   * Of a frozen part: `fast` lets products with weights in blocks put activations into blocks of signed bytes. A part that does so says so
   * by `ReadOnlyWeight.compute`. @default 'exact'
   */
  readonly compute?: ComputeMode;
}
export interface EncoderContext extends PartContext {}
export interface LanguageModelContext extends PartContext {
  readonly tokenizer?: Tokenizer;
}
export interface SemanticTransformContext extends PartContext {
  readonly encoder: ImageEncoderShape;
  readonly llm: LanguageModelShape;
  /** The LLM's tokenizer, for an ST whose prefix holds words of its own. */
  readonly tokenizer?: Tokenizer;
}

/** What an objective is made with. */
export interface ObjectivePluginContext {
  readonly random: RandomStream;
  readonly parts: ModelParts;
  /** The tokenizer that made the batches' ids. */
  readonly tokenizer?: Tokenizer;
  /**
   * Rows that the segment trains on. `Batch.rowIndices` counts in them, so an objective finds by index what
   * it has worked out for each row beforehand (words, soft targets, references).
   */
  readonly rows?: readonly Row[];
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest holds entries of unrelated option types; each entry checks its own
type AnyOptions = any;

/** What a package with models or objectives default-exports; data sets and benchmarks may stand beside them. */
export interface ModelPluginManifest extends PluginManifest {
  readonly encoders?: Readonly<Record<string, PluginEntry<AnyOptions, EncoderContext, ImageEncoder>>>;
  readonly semanticTransforms?: Readonly<
    Record<string, PluginEntry<AnyOptions, SemanticTransformContext, SemanticTransform>>
  >;
  readonly languageModels?: Readonly<
    Record<string, PluginEntry<AnyOptions, LanguageModelContext, LanguageModel>>
  >;
  readonly textEncoders?: Readonly<Record<string, PluginEntry<AnyOptions, EncoderContext, TextEncoder>>>;
  readonly objectives?: Readonly<Record<string, PluginEntry<AnyOptions, ObjectivePluginContext, Objective>>>;
}

/**
 * Returns the manifest unchanged and checks its type. For packages of models and objectives.
 * @example
 * export default defineModelPlugin({ contractVersion: CONTRACT_VERSION, name: '@acme/encoder', encoders: { mixer } });
 */
export function defineModelPlugin<const Manifest extends ModelPluginManifest>(manifest: Manifest): Manifest {
  return manifest;
}
