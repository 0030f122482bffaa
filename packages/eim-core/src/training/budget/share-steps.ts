import type { BatchLength } from './split-shape.js';

/**
 * Steps of a segment by the length of their batches, in proportion to the rows of each length; what rounding leaves over
 * goes to those that lost most by it.
 */
export function shareSteps(steps: number, lengths: readonly BatchLength[]): number[] {
  const rows = lengths.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const exact = lengths.map(({ rowCount }) => (steps * rowCount) / rows);
  const shared = exact.map(Math.floor);
  const left = steps - shared.reduce((sum, share) => sum + share, 0);
  const byLoss = exact.map((share, index) => ({ index, loss: share - shared[index]! }));
  byLoss.sort((a, b) => b.loss - a.loss);
  for (const { index } of byLoss.slice(0, left)) shared[index]! += 1;
  return shared;
}
