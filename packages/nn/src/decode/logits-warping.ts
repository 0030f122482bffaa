/** How the scores of one row are changed before a token is drawn. */
export interface LogitsWarping {
  /** Above 0. */
  readonly temperature?: number | undefined;
  readonly topK?: number | undefined;
  readonly topP?: number | undefined;
}

/**
 * Keskar et al. 2019 (CTRL), section 4.1, in the form of transformers' `RepetitionPenaltyLogitsProcessor`: scores of
 * ids that came before, the prompt's among them, move away from being chosen. Changes `scores` in place.
 */
export function penaliseRepetition(
  scores: Float32Array,
  seen: Iterable<number>,
  penalty: number | undefined,
): void {
  if (penalty === undefined || penalty === 1) return;
  const single = Math.fround(penalty); // as the original's tensors hold it
  for (const id of new Set(seen)) {
    const score = scores[id]!;
    scores[id] = score < 0 ? score * single : score / single;
  }
}

/** Temperature, then top-k, then top-p (Holtzman et al. 2020), in transformers' order. In place. */
export function warpLogits(scores: Float32Array, { temperature = 1, topK, topP }: LogitsWarping): void {
  for (let id = 0; id < scores.length; id++) scores[id]! /= temperature;
  if (topK !== undefined && topK < scores.length) keepTopK(scores, topK);
  if (topP !== undefined && topP < 1) keepTopP(scores, topP);
}

/** Scores equal to the k-th stay as well. */
function keepTopK(scores: Float32Array, count: number): void {
  const least = scores.slice().sort()[scores.length - count]!;
  for (let id = 0; id < scores.length; id++) if (scores[id]! < least) scores[id] = -Infinity;
}

/** Keeps the fewest ids whose probabilities reach `mass`; at least one. */
function keepTopP(scores: Float32Array, mass: number): void {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const greatest = scores[order[0]!]!;
  const weights = order.map((id) => Math.exp(scores[id]! - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  order.forEach((id, rank) => {
    if (rank > 0 && before >= mass * total) scores[id] = -Infinity;
    before += weights[rank]!;
  });
}
