import type { PublishedWeights, WeightsDescription } from './published-weights.js';

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
   * Options as published weights tell them, by their shapes and the description beside them; a config's own are laid over
   * these. Present where `load` is.
   * @throws EimError `invalid-file` where the weights are not this entry's, or do not tell enough
   */
  describe?(weights: PublishedWeights): Partial<Options> | Promise<Partial<Options>>;
  /**
   * Builds the part with published weights, drawing nothing.
   * @param options complete; absent: as {@link PluginEntry.describe} has them
   * @throws EimError `invalid-file` listing every tensor that does not fit
   */
  load?(weights: PublishedWeights, context: Omit<Context, 'random'>, options?: Options): Promise<Product>;
}
