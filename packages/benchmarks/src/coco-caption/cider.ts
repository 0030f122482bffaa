import type { CountedPicture } from './counted-picture.js';
import { IdSlots } from './id-slots.js';
import { MAXIMUM_ORDER, type NGramCounts } from './n-gram-table.js';
import { mean, type PictureScores } from './picture-scores.js';

/** Width of the penalty on a difference of lengths, in words. */
const SIGMA = 6;
/** The published code multiplies the mean similarity by this. */
const SCALE = 10;

/** Term frequencies weighted by rarity, with the vector's length by order. Used again and again. */
interface WeightedCounts {
  source: NGramCounts;
  weights: Float64Array;
  readonly norms: Float64Array;
}

/**
 * CIDEr as coco-caption's `cider_scorer.py` computes it, with clipped counts and a penalty on differing
 * lengths (Vedantam et al., CVPR 2015, section 7 calls this form CIDEr-D). Document frequencies come from
 * the references of the pictures given here, and stay as they are.
 *
 * With one picture every n-gram of the references is in every document: all weights, and the score, are 0.
 */
export class CiderScorer {
  readonly #inverseFrequency: Float64Array;
  readonly #logPictureCount: number;
  /** Of the reference being compared. */
  readonly #slots: IdSlots;

  /** Of the pair being compared. */
  readonly #candidate = noCounts();
  readonly #reference = noCounts();

  /** @param references by picture, counted by one table */
  constructor(references: readonly (readonly NGramCounts[])[], tableSize: number) {
    this.#logPictureCount = Math.log(references.length);
    this.#slots = new IdSlots(tableSize);
    const frequency = new Float64Array(tableSize);
    const lastSeenIn = new Int32Array(tableSize).fill(-1);
    for (const [picture, captions] of references.entries()) {
      for (const { ids } of captions) {
        for (const id of ids) {
          if (lastSeenIn[id] === picture) continue;
          lastSeenIn[id] = picture;
          frequency[id]!++;
        }
      }
    }
    this.#inverseFrequency = frequency.map((count) => this.#logPictureCount - Math.log(Math.max(1, count)));
  }

  /** One picture's score. Its captions may hold n-grams that the table learned after construction. */
  score({ candidate, references }: CountedPicture): number {
    weigh(candidate, this.#candidate, this.#inverseFrequency, this.#logPictureCount);
    let sum = 0;
    for (const reference of references) {
      weigh(reference, this.#reference, this.#inverseFrequency, this.#logPictureCount);
      sum += this.#similarity(this.#candidate, this.#reference);
    }
    return ((sum / MAXIMUM_ORDER) * SCALE) / references.length;
  }

  /** Summed over orders. */
  #similarity(candidate: WeightedCounts, reference: WeightedCounts): number {
    this.#slots.mark(reference.source.ids);
    // The published code counts bigrams where it means words; only the difference enters.
    const difference = bigramCount(candidate.source) - bigramCount(reference.source);
    const penalty = Math.E ** (-(difference ** 2) / (2 * SIGMA ** 2));
    const { ids, ends } = candidate.source;
    let total = 0;
    let index = 0;
    for (let order = 0; order < MAXIMUM_ORDER; order++) {
      let product = 0;
      for (; index < ends[order]!; index++) {
        const slot = this.#slots.find(ids[index]!);
        if (slot < 0) continue;
        const weight = reference.weights[slot]!;
        product += Math.min(candidate.weights[index]!, weight) * weight;
      }
      const norm = candidate.norms[order]! * reference.norms[order]!;
      total += (norm === 0 ? product : product / norm) * penalty;
    }
    return total;
  }
}

/** CIDEr of a whole set, document frequencies from its own references. */
export function cider(pictures: readonly CountedPicture[], tableSize: number): PictureScores {
  const scorer = new CiderScorer(
    pictures.map(({ references }) => references),
    tableSize,
  );
  const perPicture = pictures.map((picture) => scorer.score(picture));
  return { corpus: mean(perPicture), perPicture };
}

function bigramCount({ length }: NGramCounts): number {
  return Math.max(0, length - 1);
}

function noCounts(): WeightedCounts {
  const none = new Int32Array(0);
  return {
    source: { length: 0, ids: none, counts: none, ends: [0, 0, 0, 0] },
    weights: new Float64Array(256),
    norms: new Float64Array(MAXIMUM_ORDER),
  };
}

/** Weighs one caption's counts, into `weighted`. */
function weigh(
  source: NGramCounts,
  weighted: WeightedCounts,
  inverseFrequency: Float64Array,
  unseen: number,
): void {
  const { ids, counts, ends } = source;
  weighted.source = source;
  if (weighted.weights.length < ids.length) weighted.weights = new Float64Array(ids.length * 2);
  const { weights, norms } = weighted;
  let index = 0;
  for (let order = 0; order < MAXIMUM_ORDER; order++) {
    let squares = 0;
    for (; index < ends[order]!; index++) {
      const id = ids[index]!;
      const weight = counts[index]! * (id < inverseFrequency.length ? inverseFrequency[id]! : unseen);
      weights[index] = weight;
      squares += weight * weight;
    }
    norms[order] = Math.sqrt(squares);
  }
}
