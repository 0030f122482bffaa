import type { EncodedImages, ModelParts, SemanticTransform, Tensor2D } from '@eim/contracts/model';
import { reshape } from '@tensorflow/tfjs-core';

/**
 * The features that the ST says it reads: a gate that looked at
 * others could keep what hurts the model.
 * @returns `[P, pooledSize]`, or `[P, tokenCount * tokenSize]` for an ST that reads tokens alone
 */
export function featuresRead(st: SemanticTransform, { pooled, tokens }: EncodedImages): Tensor2D {
  if (!readsTokensAlone(st)) return pooled!;
  return reshape(tokens!, [tokens!.shape[0], -1]); // [P, N*D]
}

/** Whether an ST reads tokens, and no pooled vector beside them. */
export function readsTokensAlone({ reads }: Pick<SemanticTransform, 'reads'>): boolean {
  return reads.includes('tokens') && !reads.includes('pooled');
}

/** The width of {@link featuresRead}. */
export const featureSize = ({ encoder, st }: Pick<ModelParts, 'encoder' | 'st'>): number =>
  readsTokensAlone(st) ? encoder.tokenCount * encoder.tokenSize : encoder.pooledSize;
