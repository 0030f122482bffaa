import type { PluginEntry, PluginManifest, Row, Tokenizer } from '../index.js';
import type { ImageEncoder, ImageEncoderShape, TextEncoder } from './image-encoder.js';
import type { LanguageModel, LanguageModelShape } from './language-model.js';
import type { ModelParts, Objective } from './objective.js';
import type { RandomStream } from './random.js';
import type { SemanticTransform } from './semantic-transform.js';

/** What every part is made with. */
export interface PartContext {
  readonly random: RandomStream;
  /**
   * Parameters get their values from the caller, by `Parameter.awaiting`: a part that can draws nothing and takes no memory
   * for them. A part that cannot draws as always, and its values are replaced. @default false
   */
  readonly awaitValues?: boolean;
}
export interface EncoderContext extends PartContext {}
export interface LanguageModelContext extends PartContext {
  readonly tokenizer?: Tokenizer;
}
export interface SemanticTransformContext extends PartContext {
  readonly encoder: ImageEncoderShape;
  readonly llm: LanguageModelShape;
  /** The LLM's, for an ST whose prefix holds words of its own. */
  readonly tokenizer?: Tokenizer;
}

/** What an objective is made with. */
export interface ObjectivePluginContext {
  readonly random: RandomStream;
  readonly parts: ModelParts;
  /** That the batches' ids are of. */
  readonly tokenizer?: Tokenizer;
  /**
   * Rows that the segment trains on. `Batch.rowIndices` counts in them, so what an objective works out for each row
   * beforehand (words, soft targets, references) it finds again by index.
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
 * Identity, for types.
 * @example
 * export default defineModelPlugin({ contractVersion: CONTRACT_VERSION, name: '@acme/encoder', encoders: { mixer } });
 */
export function defineModelPlugin<const Manifest extends ModelPluginManifest>(manifest: Manifest): Manifest {
  return manifest;
}
