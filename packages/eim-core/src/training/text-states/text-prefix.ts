import type { ModelParts, Objective } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import { lastFrozenBlock } from '../../compose/last-frozen-block.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { PicturePrefix } from '../feature-cache/picture-prefix.js';
import { segmentSteps } from '../optimizer/segment-steps.js';
import { drawsBelow } from './draws-below.js';

/** The frozen first part of what a segment computes for each text, behind its picture. */
export interface TextPrefix {
  /** The LLM's block that it ends with. */
  readonly block: number;
}

export interface TextPrefixOptions {
  readonly model: ModelParts;
  readonly objective: Objective;
  readonly segment: Segment;
  /** What stays the same of the segment's pictures. */
  readonly pictures: PicturePrefix | undefined;
  /** Answers of all rows of the split that the segment trains on. */
  readonly answerCount: number;
  /** The shapes pass that the model was made in, if it was. */
  readonly pass?: ShapesPass | undefined;
  /** Called with the reason where lower blocks are frozen, and yet do not make the same of a text at every step. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * What stays the same of each text throughout a segment; undefined where nothing does, where the LLM or the objective cannot
 * do with it, and where the segment reads fewer texts than there are, so that making all of them would be dearer.
 */
export function textPrefix(options: TextPrefixOptions): TextPrefix | undefined {
  const { model, objective, segment, pictures, pass, onNote } = options;
  const { llm } = model;
  if (!objective.runsRowsOnce || !llm.forwardFrom) return undefined;
  const readsPictures = objective.uses.encoder || objective.uses.st;
  if (readsPictures && !pictures?.names.includes('slots')) return undefined;
  const block = lastFrozenBlock(llm, segment.learn.llm?.select, 'llm');
  if (block === undefined || block === 0 || !readsAllTexts(options)) return undefined;
  if (!drawsBelow(llm, block, pass)) return { block };
  onNote?.(
    `Segment '${segment.name}' runs the LLM's ${block} frozen lower blocks at every step: the LLM has dropout, which acts in them too, so what they make of a text differs from step to step. Without dropout they would run once for each text.`,
  );
  return undefined;
}

/** Whether the steps of a segment read as many texts as there are to cache. */
function readsAllTexts({ segment, answerCount }: TextPrefixOptions): boolean {
  const { batchSize, captionsPerPicture, accumulate, data } = segment;
  const read = segmentSteps(segment, answerCount) * accumulate * batchSize * captionsPerPicture;
  return read >= answerCount * (data.cachedViews ?? 1);
}
