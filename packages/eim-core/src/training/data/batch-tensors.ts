import type {
  Batch,
  EncodedImages,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
} from '@eim/contracts/model';

const OWN = ['ids', 'mask', 'targetIndices', 'targetWeights', 'pixels'] as const;

/** Every tensor of a batch by name. Outputs that the feature cache does not hold are left out, unread. */
export function batchTensors(batch: Batch): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const name of OWN) if (batch[name]) tensors[name] = batch[name];
  const { features } = batch;
  if (!features) return tensors;
  for (const name of ['pooled', 'tokens'] as const) {
    if (isHeld(features, name)) tensors[`features.${name}`] = features[name];
  }
  for (const [block, tensor] of features.hidden ?? []) tensors[`features.hidden.${block}`] = tensor;
  return tensors;
}

/** The batch again, with other tensors in the places of its own. */
export function withTensors(batch: Batch, tensors: Readonly<Record<string, Tensor>>): Batch {
  const { pictureCount, rowCount, captionsPerPicture, features } = batch;
  return {
    ...{ pictureCount, rowCount, captionsPerPicture },
    ids: tensors.ids as Tensor2D, // [R, T]
    mask: tensors.mask as Tensor2D, // [R, T]
    targetIndices: tensors.targetIndices as Tensor1D, // [N]
    targetWeights: tensors.targetWeights as Tensor1D, // [N]
    ...(tensors.pixels && { pixels: tensors.pixels as Tensor4D }), // [P, H, W, 3]
    ...(features && { features: featuresWith(features, tensors) }),
  };
}

function featuresWith(features: EncodedImages, tensors: Readonly<Record<string, Tensor>>): EncodedImages {
  const hidden = [...(features.hidden?.keys() ?? [])].map(
    (block) => [block, tensors[`features.hidden.${block}`] as Tensor3D] as const,
  );
  // What throws when it is read goes on doing so.
  const replaced = Object.create(features) as EncodedImages;
  const define = (name: keyof EncodedImages, value: unknown) =>
    Object.defineProperty(replaced, name, { value, enumerable: true });
  for (const name of ['pooled', 'tokens'] as const)
    if (isHeld(features, name)) define(name, tensors[`features.${name}`]);
  if (features.hidden) define('hidden', new Map(hidden));
  return replaced;
}

/** Cached features hold what the objective reads; the rest throws when touched, so it is not touched. */
function isHeld(features: EncodedImages, name: 'pooled' | 'tokens'): boolean {
  return Object.getOwnPropertyDescriptor(features, name)?.value !== undefined;
}
