import { sampleMean, sampleStandardDeviation } from '@eim/benchmarks';
import recorded from './recorded-scores.json' with { type: 'json' };

/** What the demo's two configs scored before, over seeds, on one engine. */
export interface KnownSpread {
  readonly engine: string;
  readonly seeds: readonly number[];
  /** CIDEr on the test scenes. */
  readonly plain: SideSpread;
  readonly eim: SideSpread;
}

export interface SideSpread {
  readonly mean: number;
  /** Of the sample. */
  readonly standardDeviation: number;
}

/**
 * From the records of `experiments/demo.yaml` and `experiments/demo-wasm.yaml`, so that one outcome of the demo can be judged by
 * how much another seed would have changed it.
 */
export const KNOWN_SPREADS: readonly KnownSpread[] = recorded.map(({ engine, seeds, plain, eim }) => ({
  engine,
  seeds,
  plain: spreadOf(plain),
  eim: spreadOf(eim),
}));

function spreadOf(scores: readonly number[]): SideSpread {
  return { mean: sampleMean(scores), standardDeviation: sampleStandardDeviation(scores)! };
}

/** A sentence for each engine. */
export function spreadFindings(spreads: readonly KnownSpread[]): string[] {
  const shown = ({ mean, standardDeviation }: SideSpread) =>
    `${mean.toFixed(3)} ± ${standardDeviation.toFixed(3)}`;
  return spreads.map(
    ({ engine, seeds, plain, eim }) =>
      `Known beforehand, CIDEr over the seeds ${seeds.join(', ')} on ${engine}: eim ${shown(eim)}, plain ${shown(plain)} (mean and standard deviation).`,
  );
}
