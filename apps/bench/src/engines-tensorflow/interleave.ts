import { median } from '../engine-step/median.js';
import type { LineProcess } from './line-process.js';

/** What a worker answers to a piece of work. */
interface TimedAnswer {
  readonly seconds: number;
}

export interface RatioRow {
  readonly work: string;
  readonly side: string;
  /** Median seconds of each side, its own first. */
  readonly seconds: number;
  readonly torchSeconds: number;
  /** Median of the ratios of neighbours: PyTorch's time is 1. */
  readonly ratio: number;
  readonly range: readonly [number, number];
  readonly samples: number;
}

/**
 * Asks sides for the same work in turn, as often as said, so that what slows the machine slows all; the first
 * three of each warm up and do not count.
 */
export async function interleave(
  work: string,
  sides: Readonly<Record<string, LineProcess>>,
  torch: LineProcess,
  samples: number,
  note: (line: string) => void,
): Promise<RatioRow[]> {
  const names = Object.keys(sides);
  const seen: Record<string, number[]> = Object.fromEntries(['torch', ...names].map((name) => [name, []]));
  for (let round = -WARM_UP; round < samples; round++) {
    for (const [name, side] of [['torch', torch] as const, ...Object.entries(sides)]) {
      const { seconds } = await side.ask<TimedAnswer>({ work });
      if (round >= 0) seen[name]!.push(seconds);
    }
    if (round >= 0) note(`${work} ${round + 1}: ${describe(seen)}`);
  }
  return names.map((side) => {
    const ratios = seen[side]!.map((seconds, index) => seconds / seen.torch![index]!);
    return {
      work,
      side,
      samples,
      seconds: median(seen[side]!),
      torchSeconds: median(seen.torch!),
      ratio: median(ratios),
      range: [Math.min(...ratios), Math.max(...ratios)],
    };
  });
}

const WARM_UP = 3;

function describe(seen: Readonly<Record<string, readonly number[]>>): string {
  return Object.entries(seen)
    .map(([name, values]) => `${name} ${values.at(-1)!.toFixed(3)} s`)
    .join(', ');
}
