import type { Batch } from '@eim/contracts/model';

/** Frees every tensor of a batch. */
export function disposeBatch({ ids, mask, targetIndices, targetWeights, pixels, features }: Batch): void {
  for (const tensor of [ids, mask, targetIndices, targetWeights, pixels]) tensor?.dispose();
  if (features) disposeFeatures(features);
}

function disposeFeatures(features: NonNullable<Batch['features']>): void {
  // Cached features may hold only what the objective reads; the others throw when touched, so ask first.
  for (const key of ['pooled', 'tokens'] as const) {
    if (Object.getOwnPropertyDescriptor(features, key)?.value) features[key].dispose();
  }
  for (const tensor of features.hidden?.values() ?? []) tensor.dispose();
}
