import type { CountedPicture } from './counted-picture.js';
import { IdSlots } from './id-slots.js';
import { MAXIMUM_ORDER, type NGramCounts } from './n-gram-table.js';

/** Bleu_1 to Bleu_4, as fractions. */
export type BleuScores = readonly [number, number, number, number];

/** What BLEU is computed from; adds up over pictures. By order where an array. */
export interface BleuCounts {
  readonly guess: readonly number[];
  readonly correct: readonly number[];
  readonly candidateLength: number;
  readonly referenceLength: number;
}

export interface BleuResult {
  readonly corpus: BleuScores;
  readonly perPicture: readonly BleuScores[];
  readonly counts: BleuCounts;
}

/** bleu_scorer.py: a score of almost 0, not a division by 0, where nothing was guessed or matched. */
const TINY = 1e-15;
const SMALL = 1e-9;

/**
 * BLEU-1 to BLEU-4 of the whole set and of each picture alone, as coco-caption's `bleu_scorer.py` computes
 * them: counts clipped by the reference that has most, the reference length closest to the candidate's (the
 * shorter of two equally close), brevity penalty over the whole set.
 */
export function bleu(pictures: readonly CountedPicture[]): BleuResult {
  const guess = new Array<number>(MAXIMUM_ORDER).fill(0);
  const correct = new Array<number>(MAXIMUM_ORDER).fill(0);
  const slots = new IdSlots();
  let candidateLength = 0;
  let referenceLength = 0;
  const perPicture = pictures.map((picture) => {
    const counts = bleuCounts(picture, slots);
    for (let order = 0; order < MAXIMUM_ORDER; order++) {
      guess[order]! += counts.guess[order]!;
      correct[order]! += counts.correct[order]!;
    }
    candidateLength += counts.candidateLength;
    referenceLength += counts.referenceLength;
    return bleuScores(counts);
  });
  const counts = { guess, correct, candidateLength, referenceLength };
  return { corpus: bleuScores(counts), perPicture, counts };
}

/** The counts of one picture. */
export function bleuCounts(
  { candidate, references }: CountedPicture,
  slots: IdSlots = new IdSlots(),
): BleuCounts {
  slots.mark(candidate.ids);
  const most = new Int32Array(candidate.ids.length);
  for (const { ids, counts } of references) {
    for (let index = 0; index < ids.length; index++) {
      const place = slots.find(ids[index]!);
      if (place >= 0 && counts[index]! > most[place]!) most[place] = counts[index]!;
    }
  }
  const guess: number[] = [];
  const correct: number[] = [];
  let index = 0;
  for (let order = 0; order < MAXIMUM_ORDER; order++) {
    guess.push(Math.max(0, candidate.length - order));
    let matched = 0;
    for (; index < candidate.ends[order]!; index++) {
      matched += Math.min(most[index]!, candidate.counts[index]!);
    }
    correct.push(matched);
  }
  const referenceLength = closestLength(candidate.length, references);
  return { guess, correct, candidateLength: candidate.length, referenceLength };
}

/** The scores that counts stand for. */
export function bleuScores(counts: BleuCounts): BleuScores {
  const ratio = (counts.candidateLength + TINY) / (counts.referenceLength + SMALL);
  const brevityPenalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  const scores: number[] = [];
  for (let order = 0; order < MAXIMUM_ORDER; order++) {
    product *= (counts.correct[order]! + TINY) / (counts.guess[order]! + SMALL);
    scores.push(product ** (1 / (order + 1)) * brevityPenalty);
  }
  return scores as unknown as BleuScores;
}

function closestLength(length: number, references: readonly NGramCounts[]): number {
  let closest = references[0]!.length;
  for (const reference of references) {
    const difference = Math.abs(reference.length - length) - Math.abs(closest - length);
    if (difference < 0 || (difference === 0 && reference.length < closest)) closest = reference.length;
  }
  return closest;
}
