import type { RandomStream } from '@eim/contracts/model';

/** Index of the greatest score, the first of equals. */
export function greatestIndex(scores: Float32Array): number {
  let best = 0;
  for (let id = 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id;
  return best;
}

/** Indices of the greatest scores, the greatest first and of equals the first; all where there are fewer than `count`. */
export function greatestIndices(scores: Float32Array, count: number): number[] {
  const best: number[] = [];
  // few are asked for, and few of the many scores are among them: no sorting of all
  for (let id = 0; id < scores.length; id++) {
    if (best.length >= count && !(scores[id]! > scores[best.at(-1)!]!)) continue;
    if (best.length >= count) best.pop();
    let place = best.length;
    while (place > 0 && scores[id]! > scores[best[place - 1]!]!) place--;
    best.splice(place, 0, id);
  }
  return best;
}

/** An index drawn with the probabilities softmax(scores). One draw from the stream. */
export function drawIndex(scores: Float32Array, random: RandomStream): number {
  const greatest = scores[greatestIndex(scores)]!;
  let total = 0;
  for (const score of scores) total += Math.exp(score - greatest);
  let left = random.uniform() * total;
  let last = 0;
  for (let id = 0; id < scores.length; id++) {
    const weight = Math.exp(scores[id]! - greatest);
    if (weight === 0) continue;
    last = id;
    left -= weight;
    if (left < 0) break;
  }
  return last; // rounding may leave a little of the mass behind the last possible id
}

/** `log softmax(scores)` of one row, as a copy. */
export function logSoftmax(scores: Float32Array): Float32Array {
  const greatest = scores[greatestIndex(scores)]!;
  let total = 0;
  for (const score of scores) total += Math.exp(score - greatest);
  const shift = greatest + Math.log(total);
  const logs = new Float32Array(scores.length);
  for (let id = 0; id < logs.length; id++) logs[id] = scores[id]! - shift;
  return logs;
}
