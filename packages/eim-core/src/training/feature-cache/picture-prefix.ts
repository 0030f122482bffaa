import { EimError } from '@eim/contracts';
import type { ModelParts, Objective, Parameter, ReadOnlyWeight } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import { lastFrozenBlock } from '../../compose/last-frozen-block.js';
import { selectParameters } from '../../compose/select-parameters.js';
import type { Segment } from '../../plan/segment-schema.js';
import { checkPatchViews } from './check-patch-views.js';
import { blockOf, type CachedFeature } from './feature-layout.js';
import { givesSlotsAlone } from './gives-slots-alone.js';

/**
 * The frozen first part of what a segment computes for each picture: nothing that it depends on learns, so its outputs are
 * the same at every step.
 */
export interface PicturePrefix {
  /** What is read of it. With `slots`, which stands alone, it holds the ST too. */
  readonly names: readonly CachedFeature[];
  /** The encoder's block that it ends with. Absent: it holds the whole encoder. */
  readonly block?: number | undefined;
}

type Pictured = Pick<Segment, 'name' | 'learn' | 'data'>;

/**
 * What stays the same of each picture throughout a segment, as far as the model can go on from there; undefined where
 * nothing does, and where pictures are augmented, or their patches drawn, anew at every step.
 * @param pass the shapes pass that the model was made in, if it was
 * @throws EimError `invalid-config` where the segment asks for cached views and nothing stays the same, or for views of some
 *   patches that model or objective cannot take
 */
export function picturePrefix(
  model: ModelParts,
  objective: Objective,
  segment: Pictured,
  pass?: ShapesPass,
): PicturePrefix | undefined {
  const { augment, cachedViews, keepPatches } = segment.data;
  if (keepPatches !== undefined) checkPatchViews(model, objective, segment);
  const block = lastFrozenBlock(model.encoder, segment.learn.encoder?.select, 'encoder');
  const obstacle = obstacleTo(model, objective, segment, block);
  if (cachedViews !== undefined && obstacle) throw noViews(segment, obstacle);
  const isDrawnAnew = keepPatches !== undefined || (augment.length > 0 && cachedViews === undefined);
  if (obstacle || isDrawnAnew) return undefined;
  if (block === undefined && slotsStay(model, objective, segment, pass)) return { names: ['slots'] };
  const read = featuresRead(model, objective);
  if (block === undefined) return { names: read };
  const below = read.filter((name) => name.startsWith('hidden.') && blockOf(name) < block);
  return { names: [...below, `hidden.${block}`], block };
}

/** Why nothing stays the same of a picture throughout a segment. */
function obstacleTo(
  { encoder, st }: ModelParts,
  objective: Objective,
  segment: Pictured,
  block: number | undefined,
): string | undefined {
  if (!objective.uses.encoder) return `its objective '${objective.name}' looks at no pictures`;
  if (block === 0) return 'its encoder learns from its input on';
  if (block !== undefined && !encoder.encodeFrom)
    return 'its encoder learns, and cannot go on from its frozen blocks';
  if (injectionLearns(st, segment)) return 'what its ST puts into the encoder learns';
  return undefined;
}

function noViews({ name, data }: Pictured, why: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Segment '${name}' caches ${data.cachedViews} views of each picture (data.cachedViews), but ${why}.`,
    advice:
      'Leave cachedViews out: the pictures are then augmented anew at every step. Or freeze the encoder, or its lower blocks.',
    data: { segment: name, cachedViews: data.cachedViews },
  });
}

function injectionLearns(st: ModelParts['st'], { learn }: Pictured): boolean {
  const learning = new Set(selectParameters(st, learn.st?.select ?? 'frozen', 'st'));
  return injectionParameters(st).some((parameter) => learning.has(parameter));
}

/** Parameters that decide what the ST puts into the encoder. */
const injectionParameters = (st: ModelParts['st']): readonly Parameter[] =>
  st.encoderInjection ? (st.encoderParameters?.() ?? st.parameters()) : [];

/** Whether what the ST makes of a picture stays the same, behind an encoder that does, and is all that is read of it. */
function slotsStay(model: ModelParts, objective: Objective, { learn }: Pictured, pass?: ShapesPass): boolean {
  const { st } = model;
  if (!objective.uses.st || st.readsPrompts || (objective.reads ?? []).length > 0) return false;
  return (learn.st?.select ?? 'frozen') === 'frozen' && givesSlotsAlone(model, pass);
}

/** Outputs of the encoder that a segment reads, by what ST and objective say. */
function featuresRead({ st }: Pick<ModelParts, 'st'>, objective: Objective): CachedFeature[] {
  const ofSt = objective.uses.st ? featuresReadBy(st) : [];
  return [...new Set<CachedFeature>([...(objective.reads ?? []), ...ofSt])].sort();
}

/** Outputs of the encoder that an ST reads. */
export function featuresReadBy({ reads, hiddenLayers = [] }: ModelParts['st']): CachedFeature[] {
  return [...reads, ...hiddenLayers.map((block): CachedFeature => `hidden.${block}`)];
}

/** Weights by names that are unique in the model. */
export interface PrefixWeights {
  readonly parameters: readonly (readonly [name: string, parameter: Parameter])[];
  readonly readOnly: readonly (readonly [name: string, weight: ReadOnlyWeight])[];
}

/** All weights that the outputs of a prefix depend on. */
export function prefixWeights(
  { encoder, st }: ModelParts,
  { names, block = Number.POSITIVE_INFINITY }: PicturePrefix,
): PrefixWeights {
  const withSt = names.includes('slots');
  const below = <Item extends { readonly depth: number }>(items: readonly Item[] = []) =>
    items.filter(({ depth }) => depth <= block);
  const named = <Item extends { readonly name: string }>(part: string, items: readonly Item[] = []) =>
    items.map((item) => [`${part}.${item.name}`, item] as const);
  return {
    parameters: [
      ...named('encoder', below(encoder.parameters())),
      ...named('st', withSt ? st.parameters() : injectionParameters(st)),
    ],
    readOnly: [
      ...named('encoder', below(encoder.readOnlyWeights?.())),
      ...named('st', withSt || st.encoderInjection ? st.readOnlyWeights?.() : []),
    ],
  };
}
