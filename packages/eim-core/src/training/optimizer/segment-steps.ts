import type { Segment } from '../../plan/segment-schema.js';

/** Rows of one optimizer step, over all of its batches. */
export function rowsPerStep({
  batchSize,
  captionsPerPicture,
  accumulate,
}: Pick<Segment, 'batchSize' | 'captionsPerPicture' | 'accumulate'>): number {
  return batchSize * captionsPerPicture * accumulate;
}

/** Optimizer steps of a segment: as written, or as many as its epochs over the split's answers take. */
export function segmentSteps(segment: Segment, answerCount: number): number {
  const { steps, epochs } = segment.until;
  if (steps !== undefined) return steps;
  return Math.max(1, Math.ceil((epochs! * answerCount) / rowsPerStep(segment)));
}
