import { EimError } from '@eim/contracts';
import type { ModelParts, Objective, Parameter, ReadOnlyWeight } from '@eim/contracts/model';
import { selectParameters } from '../../compose/select-parameters.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { CachedFeature } from './feature-layout.js';

/**
 * The frozen first part of what a segment computes for each picture: nothing that it depends on learns, so its outputs are
 * the same at every step.
 */
export interface PicturePrefix {
  /** What is read of it. */
  readonly names: readonly CachedFeature[];
}

type Pictured = Pick<Segment, 'name' | 'learn' | 'data'>;

/**
 * What stays the same of each picture throughout a segment, as far as the model can go on from there; undefined where
 * nothing does, and where pictures are augmented anew at every step.
 * @throws EimError `invalid-config` where the segment asks for cached views and nothing stays the same
 */
export function picturePrefix(
  model: ModelParts,
  objective: Objective,
  segment: Pictured,
): PicturePrefix | undefined {
  const { augment, cachedViews } = segment.data;
  const obstacle = obstacleTo(model, objective, segment);
  if (cachedViews !== undefined && obstacle) throw noViews(segment, obstacle);
  if (obstacle || (augment.length > 0 && cachedViews === undefined)) return undefined;
  return { names: featuresRead(model, objective) };
}

/** Why no outputs of the encoder stay the same throughout a segment. */
function obstacleTo({ st }: ModelParts, objective: Objective, segment: Pictured): string | undefined {
  if (!objective.uses.encoder) return `its objective '${objective.name}' looks at no pictures`;
  if ((segment.learn.encoder?.select ?? 'frozen') !== 'frozen') return 'its encoder learns';
  if (injectionLearns(st, segment)) return 'what its ST puts into the encoder learns';
  return undefined;
}

function noViews({ name, data }: Pictured, why: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Segment '${name}' caches ${data.cachedViews} views of each picture (data.cachedViews), but ${why}.`,
    advice:
      'Leave cachedViews out: the pictures are then augmented anew at every step. Or freeze the encoder.',
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
export function prefixWeights({ encoder, st }: ModelParts, _prefix: PicturePrefix): PrefixWeights {
  const named = <Item extends { readonly name: string }>(part: string, items: readonly Item[] = []) =>
    items.map((item) => [`${part}.${item.name}`, item] as const);
  return {
    parameters: [...named('encoder', encoder.parameters()), ...named('st', injectionParameters(st))],
    readOnly: [
      ...named('encoder', encoder.readOnlyWeights?.()),
      ...named('st', st.encoderInjection ? st.readOnlyWeights?.() : []),
    ],
  };
}
