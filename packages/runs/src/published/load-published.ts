import { join, resolve } from 'node:path';
import { EimError, type Tokenizer, type WeightsDescription } from '@eim/contracts';
import type { ImageEncoder, LanguageModel, ModelPluginManifest } from '@eim/contracts/model';
import { createPart, type PartKinds, type PartUse, recogniseWeights } from '@eim/core';
import { createRandomStream, type EngineInfo } from '@eim/engine';
import { familyName } from '@eim/weights';
import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import type { CompleteContext } from '../context.js';
import { packageManifests } from '../model/package-manifests.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { requireEngineMemory } from '../model/require-engine-memory.js';
import { resolveModelPath } from '../models/resolve-model-path.js';
import { requireFast, requireFastEngine } from './compute-of.js';

/** Published weights, and the package that loads them. */
export interface ModelSpec {
  /** The weights: a folder or a file, from the working folder, or the name of a model that was pulled. */
  readonly path: string;
  /** The package that loads them. Absent: the one that recognises the weights. */
  readonly use?: string;
  /** Name of the sizes, for weights that do not describe themselves. */
  readonly preset?: string;
  /** Folder of a LoRA of peft, from the working folder, which the weights are read with. */
  readonly adapter?: string | undefined;
}

export interface LoadPublishedOptions {
  readonly engine: EngineInfo;
  readonly context: CompleteContext;
  readonly tokenizer?: Tokenizer | undefined;
}

/** An image encoder with published weights. @throws EimError naming the file and all that does not fit */
export async function loadPublishedEncoder(
  spec: ModelSpec,
  options: LoadPublishedOptions,
): Promise<ImageEncoder> {
  return (await loadPart('encoders', spec, options, { random: createRandomStream(0) })).part;
}

/** An LLM with published weights. @throws EimError naming the file and all that does not fit */
export async function loadPublishedLanguageModel(
  spec: ModelSpec,
  options: LoadPublishedOptions,
): Promise<LanguageModel> {
  const { tokenizer, engine } = options;
  const { compute = 'exact' } = options.context;
  if (compute === 'fast') requireFastEngine(engine);
  const context = { random: createRandomStream(0), frozen: true, compute, ...(tokenizer && { tokenizer }) };
  const { part: llm } = await loadPart('languageModels', spec, options, context);
  try {
    if (compute === 'fast') requireFast(llm, spec.path);
    return llm;
  } catch (error) {
    llm.dispose();
    throw error;
  }
}

/** The same with all weights as parameters, whatever form the file holds them in, and the package that loaded them. */
export async function loadTrainableLanguageModel(
  spec: ModelSpec,
  options: LoadPublishedOptions,
): Promise<{ readonly part: LanguageModel; readonly use: string }> {
  const { tokenizer } = options;
  const context = { random: createRandomStream(0), ...(tokenizer && { tokenizer }) };
  return await loadPart('languageModels', spec, options, context);
}

/** Headers are read once: the weights that were recognised are those that are loaded. */
async function loadPart<Kind extends PublishedKind>(
  kind: Kind,
  spec: ModelSpec,
  { engine, context }: LoadPublishedOptions,
  partContext: PartKinds[Kind]['context'],
): Promise<{ readonly part: PartKinds[Kind]['part']; readonly use: string }> {
  const path = resolveModelPath(spec.path, context);
  const adapter = spec.adapter === undefined ? undefined : resolve(context.workingFolder, spec.adapter);
  const weights = await openPublishedWeights(path, { adapter });
  try {
    const use = await partUse(kind, { ...spec, path }, weights, context);
    const { part } = await createPart(kind, use, {
      loadPlugin: pluginLoader(join(context.workingFolder, 'SPEC'), context),
      openWeights: async () => weights,
      onOpened: () => requireEngineMemory(weights, engine.name, partContext.frozen),
      context: partContext,
    });
    return { part, use: use.use };
  } finally {
    await weights.close();
  }
}

type PublishedKind = 'encoders' | 'languageModels';
const WORDS: Readonly<Record<PublishedKind, string>> = { encoders: 'image encoder', languageModels: 'LLM' };

/**
 * Loads a part with the named package, else with the package of the context that recognises the weights.
 * @throws EimError `invalid-file` where none recognises them
 */
export async function partUse(
  kind: PublishedKind,
  { path, use, preset }: ModelSpec,
  weights: OpenedWeights,
  { packages }: CompleteContext,
): Promise<PartUse> {
  const rest = { weights: path, ...(preset !== undefined && { preset }) };
  if (use !== undefined) return { use, ...rest };
  const manifests = await packageManifests(packages);
  const claim = recogniseWeights(weights, manifests, [kind]);
  if (claim) return { use: `${claim.packageName}/${claim.entryName}`, ...rest };
  const known = [...manifests.values()].flatMap((manifest) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, entry]) =>
      entry.recognise ? [`${manifest.name}/${name}`] : [],
    ),
  );
  throw new EimError({
    code: 'invalid-file',
    message: [
      `${weights.name} holds no ${WORDS[kind]} that a built-in package knows (${known.join(', ')}).`,
      ...familyOf(weights, manifests, kind),
    ].join(' '),
    advice: 'Look into it with `eim inspect`, or name the package: PACKAGE#PRESET with --weights.',
    data: { file: weights.name, tensors: weights.tensorNames.length },
  });
}

/** What the packages know of the family that weights name themselves. */
function familyOf(
  weights: WeightsDescription,
  manifests: ReadonlyMap<string, ModelPluginManifest>,
  kind: PublishedKind,
): string[] {
  const entries = [...manifests.values()].flatMap((manifest) => Object.values(manifest[kind] ?? {}));
  const relatives = entries.flatMap((entry) => entry.distinguish?.(weights) ?? []);
  if (relatives.length > 0) return relatives;
  const family = familyName(weights);
  return family === undefined ? [] : [`It calls itself ${JSON.stringify(family)}.`];
}
