import type { EncodedImages, ModelParts, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { encodePictures, type PictureInput } from './encode-pictures.js';

/** Features of pictures that outlive the scope they are made in; the caller frees them by {@link disposeFeatures}. */
export function encodeAndKeep(
  parts: Pick<ModelParts, 'encoder' | 'st'>,
  pictures: PictureInput,
): EncodedImages {
  const blocks: number[] = [];
  // A tidy looks into arrays and objects but not into maps. Clones, as given features stay the caller's.
  const [pooled, tokens, ...hidden] = tf.tidy(() => {
    const features = encodePictures(parts, pictures);
    const kept = [...(features.hidden ?? [])].map(([block, tensor]) => {
      blocks.push(block);
      return tf.keep(tf.clone(tensor));
    });
    return [tf.keep(tf.clone(features.pooled)), tf.keep(tf.clone(features.tokens)), ...kept] as tf.Tensor[];
  }) as [EncodedImages['pooled'], EncodedImages['tokens'], ...Tensor3D[]];
  if (blocks.length === 0) return { pooled, tokens };
  return { pooled, tokens, hidden: new Map(blocks.map((block, index) => [block, hidden[index]!])) };
}

export function disposeFeatures({ pooled, tokens, hidden }: EncodedImages): void {
  tf.dispose([pooled, tokens, ...(hidden?.values() ?? [])]);
}
