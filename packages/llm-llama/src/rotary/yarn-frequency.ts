import type { YarnScaling } from './rope-scaling.js';

const { fround } = Math;

/**
 * YaRN's blend for one pair of a head's elements: fast pairs keep their frequency, slow ones are interpolated, those
 * between by their place on a ramp. Rounded where transformers holds float32.
 * @param period base^(2 pair / size), in float32
 */
export function yarnFrequency(
  period: number,
  pair: number,
  size: number,
  base: number,
  scaling: YarnScaling,
): number {
  const [low, high] = rampEnds(size, base, scaling);
  const along = fround((pair - low) / (high - low));
  const kept = fround(1 - Math.min(1, Math.max(0, along)));
  const interpolated = fround(1 / fround(scaling.factor * period));
  return fround(fround(interpolated * fround(1 - kept)) + fround(fround(1 / period) * kept));
}

/** The pairs between which the ramp falls from 1 to 0. */
function rampEnds(
  size: number,
  base: number,
  { originalContextLength, fastTurns, slowTurns, wholePairs }: YarnScaling,
): [number, number] {
  // the pair that makes so many turns in the original context
  const pairOf = (turns: number): number =>
    (size * Math.log(originalContextLength / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const [first, last] = [pairOf(fastTurns), pairOf(slowTurns)];
  const low = Math.max(wholePairs ? Math.floor(first) : first, 0);
  const high = Math.min(wholePairs ? Math.ceil(last) : last, size - 1);
  return [low, low === high ? high + 0.001 : high];
}
