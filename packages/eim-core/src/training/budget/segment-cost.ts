import type { Batch, EncodedImages, ModelParts, Objective, RandomStream } from '@eim/contracts/model';
import { chargedTo, createRandomStream, type ShapesPass } from '@eim/engine';
import { type Scalar, variableGrads } from '@tensorflow/tfjs-core';
import type { PartName } from '../../compose/composed-model.js';
import { encodePictures } from '../../compose/encode-pictures.js';
import type { Segment } from '../../plan/segment-schema.js';
import { canCacheEncoder } from '../feature-cache/can-cache-encoder.js';
import { type FeatureName } from '../feature-cache/feature-table.js';
import { probeFeatures } from '../feature-cache/probe-features.js';
import { learningParameters } from '../optimizer/learning-parameter.js';
import { segmentSteps } from '../optimizer/segment-steps.js';
import { freezeParts } from '../run/freeze-parts.js';
import { chargedParts } from './charged-parts.js';
import { shapeBatch, shapePixels } from './shape-batch.js';
import type { SplitShape } from './split-shape.js';

/** Whom multiply-adds and parameters are counted for; `objective` is what exists during training alone. */
export type CostBearer = PartName | 'objective';

/** Bytes on the engine during a segment's steps, estimated. */
export interface StepMemory {
  /** All parameters, frozen ones and the objective's own included. */
  readonly parameters: number;
  /** The optimizer's two moments of everything that learns. */
  readonly moments: number;
  /** The moving average of everything that learns, where the segment keeps one. */
  readonly average: number;
  /** The batch, what the forward pass keeps for the backward pass, and gradients, at their greatest together. */
  readonly working: number;
  /** All of the above. */
  readonly peak: number;
}

/** What a segment will cost. Numbers of multiply-adds are whole, and exact below 2^53. */
export interface SegmentCost {
  readonly name: string;
  readonly steps: number;
  /** Multiply-adds of one step, forward and backward. */
  readonly perStep: number;
  readonly perStepBy: Readonly<Record<CostBearer, number>>;
  /** Multiply-adds of the training pictures into the feature cache, where the segment is the first to need them so. */
  readonly encoding: number;
  /** `steps * perStep + encoding` */
  readonly total: number;
  readonly memory: StepMemory;
}

export interface SegmentCostOptions {
  readonly model: ModelParts;
  readonly segment: Segment;
  readonly objective: Objective;
  readonly split: SplitShape;
  /** Features that earlier segments have put into the cache; those of this one are added. */
  readonly cached: Set<string>;
}

/** Works out what a segment costs. The model and the objective may be of the pass or of an engine. */
export function segmentCost(pass: ShapesPass, options: SegmentCostOptions): SegmentCost {
  const { model, segment, objective, split } = options;
  const parts = chargedParts(freezeParts(model, segment.learn));
  const learning = learningParameters(model, objective, segment);
  const random = createRandomStream('shapes');
  const images = imagesOf(pass, options, parts, random);
  const { batchSize, captionsPerPicture } = segment;
  const batch = (): Batch =>
    shapeBatch(parts, {
      ...{ pictureCount: batchSize, captionsPerPicture, textLength: split.textLength, images: images.form },
      targetCount: split.targetCount(batchSize * captionsPerPicture),
    });
  const variables = learning.map(({ parameter }) => parameter.variable);
  const step = pass.measure(() => {
    const given = batch();
    const loss = () =>
      chargedTo('objective', () => objective.loss(parts, given, { training: true, random }) as Scalar);
    variableGrads(loss, variables);
  });
  const steps = segmentSteps(segment, split.captionCount);
  const by = (name: CostBearer) => step.multiplyAddsBy[name] ?? 0;
  const learnt = bytesOf(variables);
  const all = [model.encoder, model.st, model.llm, objective].flatMap((owner) => owner.parameters?.() ?? []);
  const memory = {
    parameters: bytesOf(all.map(({ variable }) => variable)),
    moments: 2 * learnt,
    average: segment.ema ? learnt : 0,
    working: step.peakBytes,
  };
  return {
    ...{ name: segment.name, steps, perStep: step.multiplyAdds },
    perStepBy: { encoder: by('encoder'), st: by('st'), llm: by('llm'), objective: by('objective') },
    encoding: images.encoding,
    total: steps * step.multiplyAdds + images.encoding,
    memory: { ...memory, peak: memory.parameters + memory.moments + memory.average + memory.working },
  };
}

const bytesOf = (variables: readonly { readonly size: number }[]): number =>
  4 * variables.reduce((sum, { size }) => sum + size, 0);

interface Images {
  readonly form: 'pixels' | EncodedImages | undefined;
  readonly encoding: number;
}

/** What a step sees of its pictures, and what it costs to have it. */
function imagesOf(
  pass: ShapesPass,
  { model, segment, objective, split, cached }: SegmentCostOptions,
  parts: ModelParts,
  random: RandomStream,
): Images {
  if (!objective.uses.encoder) return { form: undefined, encoding: 0 };
  if (!canCacheEncoder(model, objective, segment)) return { form: 'pixels', encoding: 0 };
  const names = pass.run((): FeatureName[] => {
    const { textLength } = split;
    const two = { pictureCount: 2, captionsPerPicture: 1, textLength, targetCount: 2, images: 'pixels' } as const;
    return probeFeatures(parts, objective, shapeBatch(parts, two), { training: false, random });
  });
  const key = `${segment.data.split} ${names}`;
  const encode = (count: number) => encodePictures(model, { pixels: shapePixels(model.encoder, count) });
  const form = pass.run(() => encode(segment.batchSize));
  if (cached.has(key)) return { form, encoding: 0 };
  cached.add(key);
  return { form, encoding: split.pictureCount * pass.measure(() => encode(1)).multiplyAdds };
}
