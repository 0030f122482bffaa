import { EimError, type PluginEntry, type PublishedWeights } from '@eim/contracts';
import type {
  EncoderContext,
  ImageEncoder,
  LanguageModel,
  LanguageModelContext,
  ModelPluginManifest,
  Parametric,
  SemanticTransform,
  SemanticTransformContext,
} from '@eim/contracts/model';
import { type QuantiseFormat, quantisedWeights } from '@eim/weights';
import { checkManifest } from './check-manifest.js';
import { countedInBlocks } from './counted-in-blocks.js';
import { findEntry } from './find-entry.js';
import { parseUse } from './parse-use.js';
import { KIND_WORDS } from './plugin-kind.js';
import { optionsFromWeights, resolveOptions, type UseConfig } from './resolve-options.js';
import { loadManifest, type PluginLoader } from './resolve-plugin.js';

/** The kinds of entry that are parts of a model, with the context and the product of each. */
export interface PartKinds {
  encoders: { context: EncoderContext; part: ImageEncoder };
  semanticTransforms: { context: SemanticTransformContext; part: SemanticTransform };
  languageModels: { context: LanguageModelContext; part: LanguageModel };
}

/** A part as a config names it. */
export interface PartUse extends UseConfig {
  /** Where published weights lie: a path, or a name that `openWeights` knows. Absent: values are drawn. */
  readonly weights?: string | undefined;
  /** A LoRA that peft saved, with which the weights are read: a folder, or a name that `openWeights` knows. */
  readonly adapter?: string | undefined;
  /** Puts the matrices of published weights into blocks of this format when they are read; the part can then never learn. */
  readonly quantise?: QuantiseFormat | undefined;
}

/** Published weights that are open. */
export interface OpenPartWeights extends PublishedWeights {
  close(): Promise<void>;
}

/** Opens published weights, read with the LoRA that is named as `adapter`. */
export type OpenWeights = (
  path: string,
  options?: { readonly adapter?: string | undefined },
) => Promise<OpenPartWeights>;

/** A part with every option filled in: enough to build it again. */
export interface PartDescription {
  /** The package and its entry: `@acme/package/entry`. */
  readonly use: string;
  readonly preset?: string;
  readonly options: unknown;
  /** Where its published weights were found. */
  readonly weights?: string;
  /** Where the LoRA that they were read with was found. */
  readonly adapter?: string;
  /** What its matrices were quantised to. */
  readonly quantise?: QuantiseFormat;
}

export interface CreatePartOptions<Kind extends keyof PartKinds> {
  readonly loadPlugin: PluginLoader;
  /** Opens published weights; needed where the config names some. */
  readonly openWeights?: OpenWeights | undefined;
  /** The context of the part. Nothing is drawn from its `random` if there are weights. */
  readonly context: PartKinds[Kind]['context'];
  /** Path of the part in the config, such as `encoder`, for messages. */
  readonly at?: string;
  /** False: only the description of published weights is read, for a part that is only counted. @default true */
  readonly readWeights?: boolean | undefined;
  /** Called before the first tensor is read; may throw to refuse weights that cannot be held. */
  readonly onOpened?:
    | ((weights: PublishedWeights, held: { readonly quantised: boolean }) => void)
    | undefined;
}

export interface CreatedPart<Part> {
  readonly part: Part;
  readonly packageName: string;
  readonly description: PartDescription;
}

/**
 * Builds one part, with drawn values or with published weights. With weights, the options are those of the named preset,
 * or without one those that the weights describe. Options of the config override both.
 * @throws EimError where the package, preset, an option or the weights are wrong
 * @example
 * const { part: llm } = await createPart('languageModels', { use: '@eim/llm-gpt2', weights: 'gpt2/' }, {
 *   loadPlugin,
 *   openWeights: openPublishedWeights,
 *   context: { random },
 * });
 */
export async function createPart<Kind extends keyof PartKinds>(
  kind: Kind,
  config: PartUse,
  options: CreatePartOptions<Kind>,
): Promise<CreatedPart<PartKinds[Kind]['part']>> {
  const { loadPlugin, openWeights, context, at = '' } = options;
  const use = parseUse(config.use);
  const manifest = checkManifest(await loadManifest(config.use, loadPlugin), use.packageName);
  const describe = (name: string, chosen: unknown): PartDescription => ({
    use: `${use.packageName}/${name}`,
    ...(config.preset !== undefined && { preset: config.preset }),
    options: chosen,
    ...(config.weights !== undefined && { weights: config.weights }),
    ...(config.adapter !== undefined && { adapter: config.adapter }),
    ...(config.quantise !== undefined && { quantise: config.quantise }),
  });
  if (config.adapter !== undefined && config.weights === undefined) throw adapterAlone(config);
  if (config.quantise !== undefined && config.weights === undefined) throw quantiseAlone(config);
  // A part whose sizes a preset fixes can be counted without its weights.
  const counted = options.readWeights === false && config.preset !== undefined;
  if (config.weights === undefined || counted) {
    const { name, entry } = findEntry(manifest, kind, use, config.preset);
    const chosen = resolveOptions<unknown>(entry, config, at);
    const part = await (entry as AnyEntry).create(chosen, context);
    return {
      part: asCounted(part, config),
      packageName: use.packageName,
      description: describe(name, chosen),
    };
  }
  if (!openWeights) {
    throw new EimError({
      code: 'invalid-argument',
      message: `'${config.use}' is to start from the weights ${config.weights}, but nothing opens weights here.`,
      advice: 'Pass openWeights; openPublishedWeights of @eim/weights/node opens files and folders.',
    });
  }
  const opened = await openWeights(config.weights, { adapter: config.adapter });
  const quantised = config.quantise !== undefined;
  const weights = quantised ? quantisedWeights(opened, config.quantise) : opened;
  try {
    const { name, entry } = findLoadingEntry(manifest, kind, config, weights);
    const chosen = await optionsFromWeights<unknown>(entry, config, weights, at);
    options.onOpened?.(weights, { quantised });
    const { random: _, ...rest } = context;
    const loading = { ...rest, ...(quantised && { frozen: true, quantised }) };
    const part =
      options.readWeights === false
        ? await entry.create(chosen, context)
        : await entry.load!(weights, loading, chosen);
    if (quantised && options.readWeights !== false) requireBlocks(part as Parametric, config);
    return {
      part: options.readWeights === false ? asCounted(part, config) : (part as PartKinds[Kind]['part']),
      packageName: use.packageName,
      description: describe(name, chosen),
    };
  } finally {
    await opened.close();
  }
}

/** A part whose weights are not read, with what is to be quantised as it will be held. */
function asCounted<Part>(part: unknown, { quantise }: PartUse): Part {
  return (quantise === undefined ? part : countedInBlocks(part as Parametric, quantise)) as Part;
}

/** @throws EimError where a part was loaded without a matrix in blocks: its package knows none */
function requireBlocks(part: Parametric, { use, quantise }: PartUse): void {
  if ((part.readOnlyWeights?.() ?? []).length > 0) return;
  part.dispose();
  throw new EimError({
    code: 'invalid-config',
    message: `'${use}' cannot be quantised to ${quantise}: it holds no matrices in blocks.`,
    advice: 'Leave quantise out, or take a LLaMA (@eim/llm-llama).',
    data: { use, quantise },
  });
}

const quantiseAlone = ({ use, quantise }: PartUse): EimError =>
  new EimError({
    code: 'invalid-config',
    message: `'${use}' is to be quantised to ${quantise}, but names no weights.`,
    advice: 'Name published weights, or leave quantise out.',
    data: { use, quantise },
  });

const adapterAlone = ({ use, adapter }: PartUse): EimError =>
  new EimError({
    code: 'invalid-config',
    message: `'${use}' is to have the adapter ${adapter}, but names no weights that it belongs to.`,
    advice: 'Name the model that it was trained on as weights.',
    data: { use, adapter },
  });

// biome-ignore lint/suspicious/noExplicitAny: each entry checks its own options and context
type AnyEntry = PluginEntry<any, any, unknown>;

/** The entry that a `use` or a preset names, else the package's entry that recognises the weights. */
function findLoadingEntry(
  manifest: ModelPluginManifest,
  kind: keyof PartKinds,
  { use, preset }: PartUse,
  weights: PublishedWeights,
): { readonly name: string; readonly entry: AnyEntry } {
  const parsed = parseUse(use);
  const entries = Object.entries((manifest[kind] ?? {}) as Readonly<Record<string, AnyEntry>>);
  const knowing = entries.filter(([, entry]) => entry.recognise?.(weights));
  const named = parsed.entryName !== undefined || preset !== undefined || knowing.length !== 1;
  const found = named
    ? (findEntry(manifest, kind, parsed, preset) as { name: string; entry: AnyEntry })
    : { name: knowing[0]![0], entry: knowing[0]![1] };
  if (found.entry.load) return found;
  throw new EimError({
    code: 'invalid-config',
    message: `The ${KIND_WORDS[kind]} '${parsed.packageName}/${found.name}' loads no published weights, so it cannot start from ${weights.name}.`,
    advice: 'Leave weights out, or use a package that loads them.',
    data: { use, weights: weights.name },
  });
}
