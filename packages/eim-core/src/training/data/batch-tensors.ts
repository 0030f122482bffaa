import type { Batch, EncodedImages, Tensor, Tensor3D } from '@eim/contracts/model';
import { disposeFeatures } from '../../compose/features.js';

const OWN = [
  'ids',
  'mask',
  'promptMask',
  'targetIndices',
  'targetWeights',
  'rowIndices',
  'rowPictures',
  'modality',
  'pictureMask',
  'pixels',
  'keptPatches',
  'textStates',
] as const;

/** Every tensor of a batch by name. */
export function batchTensors(batch: Batch): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const name of OWN) if (batch[name]) tensors[name] = batch[name];
  const { pooled, tokens, hidden } = batch.features ?? {};
  if (pooled) tensors['features.pooled'] = pooled;
  if (tokens) tensors['features.tokens'] = tokens;
  for (const [block, tensor] of hidden ?? []) tensors[`features.hidden.${block}`] = tensor;
  for (const [name, tensor] of Object.entries(batch.prepared ?? {})) tensors[`prepared.${name}`] = tensor;
  return tensors;
}

/** The batch again, with other tensors in the places of its own. */
export function withTensors(batch: Batch, tensors: Readonly<Record<string, Tensor>>): Batch {
  const own = OWN.flatMap((name) => (batch[name] ? [[name, tensors[name]!] as const] : []));
  const { features, prepared } = batch;
  const names = Object.keys(prepared ?? {});
  return {
    ...batch,
    ...Object.fromEntries(own),
    ...(features && { features: featuresWith(features, tensors) }),
    ...(prepared && {
      prepared: Object.fromEntries(names.map((name) => [name, tensors[`prepared.${name}`]!])),
    }),
  };
}

function featuresWith(
  { pooled, tokens, hidden }: EncodedImages,
  tensors: Readonly<Record<string, Tensor>>,
): EncodedImages {
  const named = (name: string) => tensors[`features.${name}`]!;
  const blocks = [...(hidden?.keys() ?? [])].map(
    (block) => [block, named(`hidden.${block}`) as Tensor3D] as const,
  );
  return {
    ...(pooled && { pooled: named('pooled') as typeof pooled }),
    ...(tokens && { tokens: named('tokens') as typeof tokens }),
    ...(hidden && { hidden: new Map(blocks) }),
  };
}

/** What besides its tensors' shapes a step on a batch depends on: one recorded step for each. */
export function batchVariant({ pictureCount, rowCount, rowsPerPicture }: Batch): string {
  return `${pictureCount} ${rowCount} ${rowsPerPicture ?? 'any'}`;
}

/** Frees every tensor of a batch. */
export function disposeBatch(batch: Batch): void {
  for (const name of OWN) batch[name]?.dispose();
  if (batch.features) disposeFeatures(batch.features);
  for (const tensor of Object.values(batch.prepared ?? {})) tensor.dispose();
}

/** Frees every tensor of a batch and of what other processes have beside it. */
export function disposeShards({
  batch,
  shards = [],
}: {
  readonly batch: Batch;
  readonly shards?: readonly Batch[] | undefined;
}): void {
  for (const one of new Set([batch, ...shards])) disposeBatch(one);
}
