import { EimError } from '@eim/contracts';
import type {
  EncodedImages,
  ModelParts,
  RandomStream,
  Tensor4D,
  TransformContext,
} from '@eim/contracts/model';

/** Pictures as pixels, or as what the encoder has already made of them. Exactly one. */
export interface PictureInput {
  /** `[P, H, W, 3]`, preprocessed */
  readonly pixels?: Tensor4D | undefined;
  readonly features?: EncodedImages | undefined;
}

export interface PassOptions {
  /** Dropout and the like are active; needs `random`. @default false */
  readonly training?: boolean | undefined;
  readonly random?: RandomStream | undefined;
}

/** Rows of a pass in which every row has a picture. */
export function pictureContext(batch: number, { training, random }: PassOptions): TransformContext {
  return {
    batch,
    modality: new Array(batch).fill('image'),
    ...(training === undefined ? {} : { training }),
    ...(random === undefined ? {} : { random }),
  };
}

/**
 * Pixels through the encoder, with what the ST puts into it and the hidden layers that the ST reads. Features
 * that are given come back as they are.
 */
export function encodePictures(
  { encoder, st }: Pick<ModelParts, 'encoder' | 'st'>,
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
  const context = pictureContext(pixels.shape[0], options);
  const injection = st.encoderInjection?.(context);
  return encoder.encode(pixels, {
    ...(injection && { injection }),
    ...(st.hiddenLayers && { hiddenLayers: st.hiddenLayers }),
    ...(options.training === undefined ? {} : { training: options.training }),
    ...(options.random === undefined ? {} : { random: options.random }),
  });
}
