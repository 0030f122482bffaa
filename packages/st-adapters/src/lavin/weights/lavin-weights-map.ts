import { copied, permuted, type WeightsMap } from '@eim/weights';
import type { LavinOptions } from '../lavin-options.js';
import type { LavinLayout } from './lavin-layout.js';
import { type LavinNeighbours, lavinNames } from './lavin-names.js';

/** How the names of a LaVIN checkpoint become our parameters. */
export function lavinWeightsMap(
  options: LavinOptions,
  neighbours: LavinNeighbours,
  { prefix }: LavinLayout,
): WeightsMap {
  return {
    rules: lavinNames(options, neighbours).map(({ ours, theirs, shape, isTransposed }) => {
      if (!isTransposed) return copied(ours, prefix + theirs, shape);
      return permuted(ours, prefix + theirs, shape, [1, 0, ...shape.slice(2).map((_, axis) => axis + 2)]);
    }),
  };
}
