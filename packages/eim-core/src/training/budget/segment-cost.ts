import type { ModelParts, Objective, Parameter } from '@eim/contracts/model';
import { createRandomStream, type ShapesPass } from '@eim/engine';
import type { PartName } from '../../compose/composed-model.js';
import type { Segment } from '../../plan/segment-schema.js';
import { patchViews } from '../data/patch-views.js';
import { learnInLowRank, lowRankWeights } from '../low-rank/learn-in-low-rank.js';
import { type LearningParameter, learningParameters } from '../optimizer/learning-parameter.js';
import { segmentSteps } from '../optimizer/segment-steps.js';
import { segmentParts } from '../run/segment-parts.js';
import { batchCost, comparisonCost } from './batch-cost.js';
import { chargedParts } from './charged-parts.js';
import { type ForetoldCache, pictureCost } from './picture-cost.js';
import { shapeBatch } from './shape-batch.js';
import type { BatchLength, SplitShape } from './split-shape.js';
import { TextCost } from './text-cost.js';

/** Which part multiply-adds are charged to; `objective` is what exists during training alone. */
export type CostBearer = PartName | 'objective';

/** Bytes on the engine during a segment's steps, estimated. */
export interface StepMemory {
  /** All parameters, frozen ones and the objective's own included, and read-only weights in the form they are held in. */
  readonly parameters: number;
  /** The optimizer's two moments of everything that it steps: of a weight that learns in low rank, its factors. */
  readonly moments: number;
  /** The moving average of everything that a step changes, where the segment keeps one. */
  readonly average: number;
  /** The factors of updates of low rank, and copies of their weights as the segment found them. */
  readonly lowRank: number;
  /** Sums of gradients between the batches of a step, where it takes several. */
  readonly accumulated: number;
  /** The greatest sum, at any moment, of the batch (of all batches where a step compares them), what the forward pass keeps for the backward pass, and the gradients. */
  readonly working: number;
  /** All of the above. */
  readonly peak: number;
}

/** Steps on batches of one length. Where a step accumulates several batches, each of them counts as one here. */
export interface StepCost {
  /** T */
  readonly textLength: number;
  readonly steps: number;
  /** Multiply-adds of one batch, forward and backward; twice forward where a step compares all of its batches. */
  readonly perStep: number;
  readonly perStepBy: Readonly<Record<CostBearer, number>>;
}

/** What a segment will cost. Numbers of multiply-adds are whole, and exact below 2^53. */
export interface SegmentCost {
  readonly name: string;
  readonly steps: number;
  /** Multiply-adds of one optimizer step, all of its batches together: the mean, rounded, where batches have several lengths. */
  readonly perStep: number;
  /** Costs by the length of the batches. */
  readonly byLength: readonly StepCost[];
  /**
   * Multiply-adds of each step beside its batches': what compares the vectors of all of them, and what writes weights anew that
   * learn in low rank.
   */
  readonly updating: number;
  /**
   * Training pictures run through what is frozen: each once, in each of its views, if this segment is the first that needs
   * it. With the cache off those of every step, in chunks of 32, filling included: at most, where rows share pictures or have none.
   */
  readonly encodedPictures: number;
  /** Training texts run through the LLM's frozen lower blocks, once in each view of their pictures; 0 with the cache off. */
  readonly encodedTexts: number;
  /** Multiply-adds of both. */
  readonly encoding: number;
  /** Multiply-adds of all steps and of the encoding. */
  readonly total: number;
  /** Memory of a step on the longest batches. */
  readonly memory: StepMemory;
}

export interface SegmentCostOptions {
  readonly model: ModelParts;
  readonly segment: Segment;
  readonly objective: Objective;
  readonly split: SplitShape;
  /** What earlier segments have put into the feature cache; what this one puts there is added. Absent: the cache is off. */
  readonly cache: ForetoldCache | undefined;
}

/** What a segment and its gate will cost. */
export interface GatedSegmentCost extends SegmentCost {
  /** Multiply-adds of its gate, before and after, at most; not part of `total`. */
  readonly gates: number;
}

/** Works out what a segment costs. The model and the objective may be made in the pass or on an engine. */
export function segmentCost(pass: ShapesPass, options: SegmentCostOptions): SegmentCost {
  const { model, segment, objective, split } = options;
  const parts = chargedParts(segmentParts(model, segment));
  const random = createRandomStream('shapes');
  const steps = segmentSteps(segment, split.answerCount);
  const batches = steps * segment.accumulate;
  const shares = split.stepsOf(segment, batches);
  const texts = TextCost.of(pass, options);
  const states = new Map(
    split.lengths.map(({ textLength }) => [textLength, texts?.chunk(split, textLength).shape] as const),
  );
  const again = options.cache || !texts ? 0 : textChunks(texts, options, shares);
  const pictures = pictureCost(pass, { ...options, batches, chunksBeside: again });
  const { form: images, encodedPictures } = pictures;
  const encoding = pictures.encoding + (texts ? textEncoding(texts, options, shares) : 0);
  const learning = pass.run(() => learnInLowRank(learningParameters(model, objective, segment), random));
  const { batchSize, captionsPerPicture, data } = segment;
  const shown = patchViews(model.encoder, data);
  const batchOn = (length: BatchLength) =>
    shapeBatch(parts, {
      split,
      length,
      batchSize,
      captionsPerPicture,
      images,
      patchViews: shown,
      textStates: states.get(length.textLength),
    });
  const sizes = { parts, objective, segment, learning };
  const costs = split.lengths.map((length) => batchCost(pass, sizes, () => batchOn(length)));
  const comparing = comparisonCost(pass, sizes, () => batchOn(split.lengths.at(-1)!));
  const byLength = split.lengths.map(({ textLength }, index): StepCost => {
    const { multiplyAdds: perStep, multiplyAddsBy } = costs[index]!;
    const by = (name: CostBearer) => multiplyAddsBy[name] ?? 0;
    const perStepBy = { encoder: by('encoder'), st: by('st'), llm: by('llm'), objective: by('objective') };
    return { textLength, steps: shares[index]!, perStep, perStepBy };
  });
  const update = pass.measure(() => {
    for (const weight of lowRankWeights(learning)) weight.merged();
  });
  const updating = update.multiplyAdds + comparing.multiplyAdds;
  const training = byLength.reduce((sum, one) => sum + one.steps * one.perStep, steps * updating);
  const working = [...costs, update, comparing].reduce((most, { peakBytes }) => Math.max(most, peakBytes), 0);
  return {
    name: segment.name,
    steps,
    perStep: Math.round(training / steps),
    byLength,
    updating,
    encodedPictures,
    encodedTexts: texts && options.cache ? split.answerCount * (data.cachedViews ?? 1) : 0,
    encoding,
    total: training + encoding,
    memory: stepMemory(options, learning, working + comparing.heldBytes),
  };
}

/** Chunks of texts that the steps run through the LLM's frozen lower blocks, where nothing is kept. */
function textChunks(
  texts: TextCost,
  { segment, split }: SegmentCostOptions,
  shares: readonly number[],
): number {
  const rows = segment.batchSize * segment.captionsPerPicture;
  return split.lengths.reduce(
    (sum, { textLength }, index) => sum + shares[index]! * texts.chunksOfBatch(split, textLength, rows),
    0,
  );
}

/** Multiply-adds of running the LLM's frozen lower blocks: over each text once, or over those of every batch. */
function textEncoding(texts: TextCost, options: SegmentCostOptions, shares: readonly number[]): number {
  const { segment, split, cache } = options;
  if (cache) return texts.ofSplit(split, { views: segment.data.cachedViews ?? 1 });
  return split.lengths.reduce((sum, length, index) => {
    const chunks = textChunks(
      texts,
      options,
      shares.map((steps, at) => (at === index ? steps : 0)),
    );
    return sum + chunks * texts.chunk(split, length.textLength).multiplyAdds;
  }, 0);
}

function stepMemory(
  { model, objective, segment }: SegmentCostOptions,
  learning: readonly LearningParameter[],
  working: number,
): StepMemory {
  const owners = [model.encoder, model.st, model.llm, objective];
  const all = owners.flatMap((owner) => owner.parameters?.() ?? []);
  const readOnly = owners.flatMap((owner) => owner.readOnlyWeights?.() ?? []);
  const readOnlyBytes = readOnly.reduce((sum, { byteCount }) => sum + byteCount, 0);
  const parameters = bytesOf(all) + readOnlyBytes;
  const stepped = bytesOf(learning.map(({ parameter }) => parameter));
  const moments = 2 * stepped;
  // Of each weight one copy is kept, which is as large as the weight itself.
  const updated = bytesOf(lowRankWeights(learning).map(({ weight }) => weight));
  const factors = bytesOf(learning.filter(({ factorOf }) => factorOf).map(({ parameter }) => parameter));
  const lowRank = factors + updated;
  const average = segment.ema ? stepped + updated : 0;
  const accumulated = segment.accumulate > 1 ? stepped : 0;
  const peak = parameters + moments + average + lowRank + accumulated + working;
  return { parameters, moments, average, lowRank, accumulated, working, peak };
}

const bytesOf = (parameters: readonly Parameter[]): number =>
  4 * parameters.reduce((sum, { variable }) => sum + variable.size, 0);
