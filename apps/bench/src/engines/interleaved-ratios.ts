import { median } from '../engine-step/median.js';

/** Does a work once and says how many seconds it took. */
export type Side = () => Promise<number>;

export interface Ratios {
  readonly pairs: number;
  /** Medians. */
  readonly firstSeconds: number;
  readonly secondSeconds: number;
  /** Of second to first: the median over the pairs, and a quarter of them below and above. */
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
}

/** Times two sides in turn, so that what else the machine does meets both; the first runs are not counted. */
export async function interleavedRatios(
  first: Side,
  second: Side,
  pairs: number,
  warmUp = 2,
): Promise<Ratios> {
  const samples: (readonly [number, number])[] = [];
  for (let pair = -warmUp; pair < pairs; pair++) {
    const sample = [await first(), await second()] as const;
    if (pair >= 0) samples.push(sample);
  }
  const ratios = samples.map(([a, b]) => b / a).sort((a, b) => a - b);
  const at = (share: number): number => ratios[Math.round((ratios.length - 1) * share)]!;
  return {
    pairs,
    firstSeconds: median(samples.map(([a]) => a)),
    secondSeconds: median(samples.map(([, b]) => b)),
    ratio: median(ratios),
    quartiles: [at(0.25), at(0.75)],
  };
}
