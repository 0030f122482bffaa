import { EimError } from '@eim/contracts';
import type { EncodedImages, ModelParts, Tensor4D } from '@eim/contracts/model';
import { type PassOptions, pictureContext } from './transform-context.js';

/** Pictures as pixels, or as features that the encoder has already made of them. Exactly one of the two. */
export interface PictureInput {
  /** `[P, H, W, 3]`, preprocessed */
  readonly pixels?: Tensor4D | undefined;
  readonly features?: EncodedImages | undefined;
}

/**
 * Runs pixels through the encoder, with the ST's injection and the hidden layers that the ST reads. Given features are
 * returned unchanged.
 * @throws EimError `invalid-argument` where neither is given
 * @example
 * const { pooled } = tf.tidy(() => encodePictures(parts, { pixels })); // [P, pooledSize]
 */
export function encodePictures(
  parts: ModelParts,
  { pixels, features }: PictureInput,
  options: PassOptions = {},
): EncodedImages {
  if (features) return features;
  if (!pixels) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'Pictures are needed here, but neither pixels nor features were given.',
      advice: 'Give one of the two.',
    });
  }
  const { encoder, st } = parts;
  const { training, random } = options;
  const injection = st.encoderInjection?.(pictureContext(parts, pixels.shape[0], options));
  return encoder.encode(pixels, {
    ...(injection && { injection }),
    ...(st.hiddenLayers && { hiddenLayers: st.hiddenLayers }),
    ...(training !== undefined && { training }),
    ...(random !== undefined && { random }),
  });
}
