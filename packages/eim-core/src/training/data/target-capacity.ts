import type { CaptionRows } from './caption-rows.js';

/** Standard deviations above the mean; beyond them lies less than one batch in a million. */
const MARGIN = 5;

/**
 * Fixed number `N` of target slots of a training batch. The worst case (every caption the longest) would
 * double the vocabulary product on real captions, so `N` covers the mean plus five standard deviations; the
 * batch builder leaves out, and counts, the targets of a batch that goes beyond even that.
 */
export function targetCapacity(captions: CaptionRows, rowCount: number): number {
  const { mean, deviation } = captions.targets;
  const worst = rowCount * (captions.textLength - captions.firstTarget);
  return Math.min(worst, Math.ceil(rowCount * mean + MARGIN * deviation * Math.sqrt(rowCount)));
}
