import type { ModelParts, Objective } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import { CAPTION_PROBE, interpolatedShares } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import { probedRowCount, probeSegment } from '../caption-probe/probe-segment.js';
import { behindPrefix } from '../feature-cache/behind-prefix.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import { featuresReadBy, type PicturePrefix, picturePrefix } from '../feature-cache/picture-prefix.js';
import { createCaptionObjective } from '../objectives/caption-objective.js';
import { freezeParts } from '../run/freeze-parts.js';
import { MOST_PROBED_PICTURES, WORD_PROBE } from '../word-probe/probe-pictures.js';
import { chunksCost, evaluationCost } from './evaluation-cost.js';
import { segmentCost } from './segment-cost.js';
import { pictureSlots } from './shape-batch.js';
import type { SplitShape } from './split-shape.js';
import { TextCost } from './text-cost.js';

export interface GateCostOptions {
  readonly model: ModelParts;
  readonly segment: Segment;
  readonly objective: Objective;
  readonly split: (name: string) => SplitShape;
  /** Metrics from outside, whose cost nobody knows: they count nothing. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** Whether features are kept between batches. */
  readonly isCached: boolean;
}

/**
 * Multiply-adds that a segment's gate spends before and after it, at most: held-out pictures that the feature cache already
 * holds are counted as if it did not, and batches of several lengths as if they had the greatest.
 */
export function gateCost(pass: ShapesPass, options: GateCostOptions): number {
  const { segment, metrics } = options;
  const { gate } = segment;
  if (!gate || gate.metric in metrics) return 0;
  const times = 1 + interpolatedShares(gate).length;
  if (gate.metric === WORD_PROBE) return times * wordProbeCost(pass, options, gate.split);
  if (gate.metric === CAPTION_PROBE) return times * captionProbeCost(pass, options, gate.split);
  const { objective, model, isCached } = options;
  const heldOut = options.split(gate.split);
  const prefix = picturePrefix(model, objective, segment, pass);
  const parts = freezeParts(model, segment.learn);
  const texts = TextCost.of(pass, { model, segment, objective, split: options.split(segment.data.split) });
  const measuring =
    evaluationCost(pass, { parts, objective, split: heldOut, prefix, texts }) +
    (texts && !isCached ? computedTexts(pass, texts, { model, prefix, heldOut }) : 0);
  const once = texts && isCached ? texts.ofSplit(heldOut, { rounded: true }) : 0;
  if (!prefix || heldOut.pictureCount === 0) return times * measuring + once;
  if (isCached) return times * measuring + once + chunksCost(pass, model, prefix, heldOut.pictureCount);
  const encodings = heldOut.evaluation.map(({ batches, batchSize }) => {
    const slots = pictureSlots(heldOut, batchSize);
    return batches * chunksCost(pass, model, prefix, slots);
  });
  return times * encodings.reduce((sum, cost) => sum + cost, measuring);
}

interface ComputedTexts {
  readonly model: ModelParts;
  readonly prefix: PicturePrefix | undefined;
  readonly heldOut: SplitShape;
}

/** Multiply-adds of the texts of one evaluation where nothing is kept, and of the pictures that are encoded for them. */
function computedTexts(pass: ShapesPass, texts: TextCost, { model, prefix, heldOut }: ComputedTexts): number {
  const shown = prefix && heldOut.pictureCount > 0 ? chunksCost(pass, model, prefix, CHUNK_SIZE) : 0;
  return heldOut.evaluation.reduce((sum, { textLength, batches, batchSize, answersEach }) => {
    const chunks = texts.chunksOfBatch(heldOut, textLength, batchSize * answersEach);
    return sum + batches * chunks * (texts.chunk(heldOut, textLength).multiplyAdds + shown);
  }, 0);
}

function wordProbeCost(
  pass: ShapesPass,
  { model, segment, split }: GateCostOptions,
  heldOut: string,
): number {
  const prefix = { names: featuresReadBy(model.st) };
  const counts = [segment.data.split, heldOut].map((name) => split(name).pictureCount);
  return counts.reduce(
    (sum, count) => sum + chunksCost(pass, model, prefix, Math.min(count, MOST_PROBED_PICTURES)),
    0,
  );
}

function captionProbeCost(
  pass: ShapesPass,
  { model, segment, split }: GateCostOptions,
  heldOutName: string,
): number {
  const name = segment.data.split;
  const [all, heldOut] = [split(name), split(heldOutName)];
  const probe = probeSegment(model, { probe: segment.gate!.probe, split: name, rowCount: all.rowCount });
  const plain = createCaptionObjective({ labelSmoothing: 0 });
  const prefix = picturePrefix(model, plain, probe, pass);
  const objective = behindPrefix(plain, prefix);
  const pictureCount = Math.min(all.pictureCount, probedRowCount(probe, all.rowCount));
  const onLongest = (_: Segment, batches: number) =>
    all.lengths.map((_, index) => (index === all.lengths.length - 1 ? batches : 0));
  const drawn = { ...all, pictureCount, stepsOf: onLongest };
  const steps = segmentCost(pass, { model, segment: probe, objective, split: drawn, cache: undefined });
  const parts = freezeParts(model, probe.learn);
  const measuring = evaluationCost(pass, { parts, objective, split: heldOut, prefix });
  const encoding = prefix
    ? chunksCost(pass, model, prefix, pictureCount) + chunksCost(pass, model, prefix, heldOut.pictureCount)
    : 0;
  return steps.total - steps.encoding + measuring + encoding;
}
