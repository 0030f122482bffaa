import type { Tokenizer } from '@eim/contracts';
import type { Parametric, RandomStream } from '@eim/contracts/model';
import { composeModel } from '../compose/compose-model.js';
import type { ComposedModel, PartName } from '../compose/composed-model.js';
import { giveLlmValues } from '../compose/give-llm-values.js';
import {
  type CreatePartOptions,
  createPart,
  type OpenWeights,
  type PartDescription,
  type PartUse,
} from './create-part.js';
import type { PluginLoader } from './resolve-plugin.js';

/** The three parts, as a config writes them. */
export type ModelConfig = Readonly<Record<PartName, PartUse>>;

export interface CreateModelOptions {
  readonly loadPlugin: PluginLoader;
  /** Every part draws from its own fork. */
  readonly random: RandomStream;
  /** Opens published weights; needed where a part starts from some. */
  readonly openWeights?: OpenWeights | undefined;
  readonly tokenizer?: Tokenizer | undefined;
  readonly maxTextLength?: number | undefined;
  /** Parameters get their values from the caller; parts that support this draw none. @default false */
  readonly awaitValues?: boolean;
  /** False: only the description of published weights is read, for a model that is only counted. @default true */
  readonly readWeights?: boolean | undefined;
  readonly onOpened?: CreatePartOptions<'encoders'>['onOpened'];
}

export interface CreatedModel {
  readonly model: ComposedModel;
  readonly parts: Readonly<Record<PartName, PartDescription>>;
}

/**
 * Builds the parts that a config names, with drawn values or from published weights, and joins them.
 * @throws EimError where a package, preset, option or weights are wrong, or the parts do not fit
 * @example
 * const { model } = await createModel(config.model, { loadPlugin, random: createRandomStream(1), tokenizer });
 */
export async function createModel(
  config: ModelConfig,
  {
    loadPlugin,
    random,
    awaitValues = false,
    openWeights,
    readWeights,
    tokenizer,
    maxTextLength,
    onOpened,
  }: CreateModelOptions,
): Promise<CreatedModel> {
  const drawn = (part: PartName) => ({ random: random.fork(part), ...(awaitValues && { awaitValues }) });
  const shared = { loadPlugin, openWeights, readWeights, onOpened };
  const built: Parametric[] = [];
  try {
    const encoder = await createPart('encoders', config.encoder, {
      ...shared,
      at: 'encoder',
      context: { ...drawn('encoder') },
    });
    built.push(encoder.part);
    const llm = await createPart('languageModels', config.llm, {
      ...shared,
      at: 'llm',
      context: { ...drawn('llm'), ...(tokenizer && { tokenizer }) },
    });
    built.push(llm.part);
    const words = llm.part.tokenizer ?? tokenizer;
    const st = await createPart('semanticTransforms', config.st, {
      ...shared,
      at: 'st',
      context: {
        ...drawn('st'),
        encoder: encoder.part,
        llm: llm.part,
        ...(words && { tokenizer: words }),
      },
    });
    built.push(st.part);
    giveLlmValues(st.part, llm.part);
    const model = composeModel(
      { encoder: encoder.part, st: st.part, llm: llm.part },
      {
        packages: { encoder: encoder.packageName, st: st.packageName, llm: llm.packageName },
        ...(maxTextLength !== undefined && { maxTextLength }),
      },
    );
    return {
      model,
      parts: { encoder: encoder.description, st: st.description, llm: llm.description },
    };
  } catch (error) {
    for (const part of built) part.dispose();
    throw error;
  }
}
