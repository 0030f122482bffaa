import type { Tensor } from '@eim/contracts/model';
import type { NamedTensors } from './comparison-passes.js';

/** The tensors of several batches as inputs of one recorded step: `vectors.0.pictures`. */
export function namedApart(kind: string, batches: readonly NamedTensors[]): Record<string, Tensor> {
  return Object.fromEntries(
    batches.flatMap((tensors, batch) =>
      Object.entries(tensors).map(([name, tensor]) => [`${kind}.${batch}.${name}`, tensor] as const),
    ),
  );
}

/** What {@link namedApart} put together. */
export function takenApart(kind: string, tensors: NamedTensors): NamedTensors[] {
  const batches: Record<string, Tensor>[] = [];
  for (const [key, tensor] of Object.entries(tensors)) {
    const [start, batch, ...name] = key.split('.');
    if (start !== kind) continue;
    batches[Number(batch)] = { ...batches[Number(batch)], [name.join('.')]: tensor };
  }
  return batches;
}
