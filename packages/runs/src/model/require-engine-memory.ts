import { totalmem } from 'node:os';
import { requireMemoryFor } from '@eim/weights';
import type { OpenedWeights } from '@eim/weights/node';

/**
 * Refuses weights that the engine has no memory for, before the first tensor is read: a machine that runs out of memory may stand still
 * for long before it says so. What a graphics card has is not known here.
 * @param engine its name
 * @param inBlocks matrices that the file holds in blocks stay so
 * @throws EimError `invalid-argument` naming the file, what it needs and what there is
 */
export function requireEngineMemory(
  weights: OpenedWeights,
  engine: string | undefined,
  inBlocks: boolean | undefined,
): void {
  if (engine === 'wasm') requireMemoryFor(weights, { inBlocks });
  if (engine === 'node' || engine === 'cpu') requireMemoryFor(weights, { inBlocks, machine: totalmem() });
}
