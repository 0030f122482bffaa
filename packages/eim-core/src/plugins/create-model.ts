import type { Tokenizer } from '@eim/contracts';
import type { Parametric, RandomStream } from '@eim/contracts/model';
import { composeModel } from '../compose/compose-model.js';
import type { ComposedModel, PartName } from '../compose/composed-model.js';
import { resolveOptions, type UseConfig } from './resolve-options.js';
import { type PluginLoader, type ResolvedPlugin, resolvePlugin } from './resolve-plugin.js';

/** The three parts as a config names them. */
export type ModelConfig = Readonly<Record<PartName, UseConfig>>;

/** A part with every option filled in: enough to build it again. */
export interface PartDescription {
  /** With its entry name: `@acme/package/entry`. */
  readonly use: string;
  readonly preset?: string;
  readonly options: unknown;
}

export interface CreateModelOptions {
  readonly loadPlugin: PluginLoader;
  /** Every part draws from its own fork. */
  readonly random: RandomStream;
  readonly tokenizer?: Tokenizer | undefined;
  readonly maxTextLength?: number | undefined;
}

export interface CreatedModel {
  readonly model: ComposedModel;
  readonly parts: Readonly<Record<PartName, PartDescription>>;
}

/**
 * Builds the parts that a config names, freshly initialised, and joins them.
 * @throws EimError where a package, preset or option is wrong, or the parts do not fit
 */
export async function createModel(
  config: ModelConfig,
  { loadPlugin, random, tokenizer, maxTextLength }: CreateModelOptions,
): Promise<CreatedModel> {
  const encoderPlugin = await resolvePlugin(
    config.encoder.use,
    'encoders',
    loadPlugin,
    config.encoder.preset,
  );
  const stPlugin = await resolvePlugin(config.st.use, 'semanticTransforms', loadPlugin, config.st.preset);
  const llmPlugin = await resolvePlugin(config.llm.use, 'languageModels', loadPlugin, config.llm.preset);
  const options = {
    encoder: resolveOptions<unknown>(encoderPlugin.entry, config.encoder, 'encoder'),
    st: resolveOptions<unknown>(stPlugin.entry, config.st, 'st'),
    llm: resolveOptions<unknown>(llmPlugin.entry, config.llm, 'llm'),
  };
  const built: Parametric[] = [];
  try {
    const encoder = await encoderPlugin.entry.create(options.encoder, { random: random.fork('encoder') });
    built.push(encoder);
    const llm = await llmPlugin.entry.create(options.llm, {
      random: random.fork('llm'),
      ...(tokenizer && { tokenizer }),
    });
    built.push(llm);
    const st = await stPlugin.entry.create(options.st, {
      random: random.fork('st'),
      encoder,
      llm,
      ...(llm.tokenizer && { tokenizer: llm.tokenizer }),
    });
    built.push(st);
    const packages = {
      encoder: encoderPlugin.packageName,
      st: stPlugin.packageName,
      llm: llmPlugin.packageName,
    };
    const parts = { encoder, st, llm };
    const model = composeModel(parts, {
      packages,
      ...(maxTextLength === undefined ? {} : { maxTextLength }),
    });
    return {
      model,
      parts: {
        encoder: describe(encoderPlugin, config.encoder, options.encoder),
        st: describe(stPlugin, config.st, options.st),
        llm: describe(llmPlugin, config.llm, options.llm),
      },
    };
  } catch (error) {
    for (const part of built) part.dispose();
    throw error;
  }
}

function describe(
  { packageName, entryName }: ResolvedPlugin<'encoders' | 'semanticTransforms' | 'languageModels'>,
  { preset }: UseConfig,
  options: unknown,
): PartDescription {
  const use = `${packageName}/${entryName}`;
  return preset === undefined ? { use, options } : { use, preset, options };
}
