import type { PartExport } from './part-export.js';
import type { PublishedWeights, WeightsDescription } from './published-weights.js';

/** The part of a zod schema that composing uses, so that any zod 4 copy will do. */
export interface OptionsSchema<Options> {
  safeParse(
    input: unknown,
  ):
    | { success: true; data: Options }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** One encoder, ST, LLM, objective or data set that a package offers. */
export interface PluginEntry<Options, Context, Product> {
  /** Named sets of options; a config's own options override the preset's. */
  readonly presets: Readonly<Record<string, Partial<Options>>>;
  readonly optionsSchema: OptionsSchema<Options>;
  /** Builds the part with freshly initialised parameters. */
  create(options: Options, context: Context): Product | Promise<Product>;
  /** True if these are published weights of this entry, judged by names, shapes and `config` alone. */
  recognise?(weights: WeightsDescription): boolean;
  /**
   * Of weights that are a near relative's: a sentence that names its family and says in what it differs from this entry's,
   * so that a refusal can tell more than that nobody knows them. Undefined: it knows nothing of them.
   */
  distinguish?(weights: WeightsDescription): string | undefined;
  /**
   * The options that published weights imply by their shapes and their description; options of a config override them.
   * Present wherever `load` is.
   * @throws EimError `invalid-file` where the weights are not this entry's, or do not tell enough
   */
  describe?(weights: PublishedWeights): Partial<Options> | Promise<Partial<Options>>;
  /**
   * Builds the part with published weights, drawing nothing.
   * @param options complete. Absent: those of {@link PluginEntry.describe}
   * @throws EimError `invalid-file` listing every tensor that does not fit
   */
  load?(weights: PublishedWeights, context: Omit<Context, 'random'>, options?: Options): Promise<Product>;
  /** Programs that can read the part again. Absent: none. */
  readonly exports?: readonly PartExport<Product>[];
}
